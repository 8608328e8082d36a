package io.tally.codec.bytes;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.aggregate.FieldValue;
import io.tally.codec.Fuzz;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DecimalsTest {
    private final FieldValue number = new FieldValue();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-0",
                "+0",
                "7",
                "-7",
                "+7",
                "007",
                "1.5",
                "-1.50",
                ".5",
                "5.",
                "-.5",
                "0.000000000000000001",
                "999999999999999999",
                "-999999999999999999",
                "1000000000000000000",
                "9223372036854775807",
                "-9223372036854775808",
                "0000000000000000000000000000000000000000000000000000000000000001",
                "0.0000000000000000000000001",
                "123456789.123456789",
                "1e3",
                "1E+3",
                "1e-3",
                "1.5e2",
                "15e-1",
                "1e100",
                "1e-100",
                "1.e2",
                ".5e1",
                "0e100",
                "1e018",
                "999999999999999999e1",
                "1e00000000000000100"
            })
    void readsWhatBigDecimalReads(String text) {
        assertThat(parse(text)).isTrue();
        assertThat(Decimals.toBigDecimal(number)).isEqualByComparingTo(new BigDecimal(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                "+",
                ".",
                "-.",
                "e5",
                ".e5",
                "1e",
                "1e+",
                "1e5.0",
                "1.2.3",
                "1,5",
                " 1",
                "1 ",
                "0x10",
                "NaN",
                "Infinity",
                "1_000",
                "--1",
                "+-1",
                "1-",
                "1e101",
                "1e-101",
                "0e101",
                "1e999999999",
                "1e99999999999999999999",
                "１",
                "²",
                "00000000000000000000000000000000000000000000000000000000000000001"
            })
    void refusesTheRest(String text) {
        assertThat(parse(text)).isFalse();
    }

    @Test
    void usesPrimitivesForUpToEighteenDigits() {
        assertThat(parse("-123456789012345678")).isTrue();
        assertThat(number.big()).isNull();
        assertThat(number.unscaled()).isEqualTo(-123456789012345678L);
        assertThat(number.scale()).isZero();

        assertThat(parse("12.50")).isTrue();
        assertThat(number.unscaled()).isEqualTo(1250);
        assertThat(number.scale()).isEqualTo(2);

        assertThat(parse("00000000000000000000012e1")).isTrue();
        assertThat(number.big()).isNull();
        assertThat(number.unscaled()).isEqualTo(120);

        assertThat(parse("1234567890123456789")).isTrue();
        assertThat(number.big()).isNotNull();
    }

    @Test
    void agreesWithBigDecimalOnRandomTexts() {
        Random random = Fuzz.random(getClass());
        int numbers = 0;
        for (int round = 0; round < 300_000; round++) {
            byte[] bytes = Fuzz.bytes(random, 24, random.nextBoolean() ? "0123456789.-" : "0019.e-+E");
            String text = new String(bytes, StandardCharsets.ISO_8859_1);
            BigDecimal expected = reference(text);
            boolean parsed = Decimals.parse(bytes, 0, bytes.length, number);
            assertThat(parsed).as(text).isEqualTo(expected != null);
            if (expected != null) {
                numbers++;
                assertThat(Decimals.toBigDecimal(number)).as(text).isEqualByComparingTo(expected);
                assertThat(number.scale()).isBetween(0, 18);
                assertThat(Math.abs(number.unscaled())).isLessThan(1_000_000_000_000_000_000L);
            }
        }
        assertThat(numbers).isGreaterThan(1000);
    }

    private boolean parse(String text) {
        byte[] bytes = ("<" + text + ">").getBytes(StandardCharsets.UTF_8);
        return Decimals.parse(bytes, 1, bytes.length - 2, number);
    }

    private static @Nullable BigDecimal reference(String text) {
        // The limits first: BigDecimal itself would take seconds for some exponents.
        String exponent = text.replaceFirst("^[^eE]*[eE]?", "");
        if (text.length() > 64 || !text.chars().allMatch(c -> c < 128)) {
            return null;
        }
        if (exponent.matches("[+-]?[0-9]+") && new BigDecimal(exponent).abs().intValue() > 100) {
            return null;
        }
        try {
            return new BigDecimal(text);
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
