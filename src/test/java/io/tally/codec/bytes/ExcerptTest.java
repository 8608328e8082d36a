package io.tally.codec.bytes;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.codec.Fuzz;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ExcerptTest {
    @Test
    void escapesWhatIsNotPrintable() {
        assertThat(Excerpt.quote("a'\"\\\n\r\t\0\u001B\u007Fü"))
                .isEqualTo("'a'\"\\\\\\n\\r\\t\\x00\\x1b\\x7f\\xc3\\xbc'");
    }

    @Test
    void cutsLongTexts() {
        assertThat(Excerpt.quote("x".repeat(60))).isEqualTo("'" + "x".repeat(60) + "'");
        assertThat(Excerpt.quote("x".repeat(61))).isEqualTo("'" + "x".repeat(57) + "...'");
        byte[] bytes = "abcdefgh".getBytes(StandardCharsets.US_ASCII);
        assertThat(Excerpt.quote(bytes, 1, 6, 5)).isEqualTo("'bc...'");
    }

    @Test
    void detailsAreBoundedAndPrintable() {
        assertThat(Excerpt.limit("fine \\x1b")).isEqualTo("fine \\x1b");
        assertThat(Excerpt.limit("Unexpected character ('ü')")).isEqualTo("Unexpected character ('\\xc3\\xbc')");
        assertThat(Excerpt.limit("x".repeat(201))).isEqualTo("x".repeat(197) + "...");
        Random random = Fuzz.random(getClass());
        for (int round = 0; round < 20_000; round++) {
            String text = new String(Fuzz.bytes(random, 300, "abc \\\n"), StandardCharsets.ISO_8859_1);
            assertThat(Excerpt.limit(text)).matches("[ -~]{0,200}");
            assertThat(Excerpt.quote(text)).matches("'[ -~]{0,60}'");
        }
    }
}
