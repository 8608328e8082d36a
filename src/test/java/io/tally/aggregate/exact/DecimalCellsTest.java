package io.tally.aggregate.exact;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.aggregate.Aggregate;
import io.tally.aggregate.Cells;
import io.tally.aggregate.Event;
import io.tally.aggregate.StateInput;
import io.tally.aggregate.StateOutput;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DecimalCellsTest {
    private static final Aggregate SUM = BuiltIn.sum(0);

    /** An object for every number would be six times slower. */
    @ParameterizedTest
    @ValueSource(
            strings = {"0.000000000000000001", "0.0000000000000000000000001", "1E+30", "9223372036854775807", "-1E+80"})
    void oneExtraordinaryNumberDoesNotSlowThoseAfterIt(String extraordinary) {
        Cells cells = Cells.of(SUM);
        SUM.add(cells, event("7.20"));
        SUM.add(cells, event(extraordinary));
        SUM.add(cells, event("1234567.89"));
        Object object = cells.object(0);
        for (int i = 0; i < 1000; i++) {
            SUM.add(cells, event("1234567.89"));
        }
        assertThat(cells.object(0)).isSameAs(object);
        assertThat((BigDecimal) SUM.result(cells))
                .isEqualTo(new BigDecimal(extraordinary).add(new BigDecimal("1235802465.09")));
    }

    /** Value and scale are those of {@link BigDecimal}, however the numbers are ordered, split and restored. */
    @Test
    void sumsAreExactInAnyOrder() {
        Random random = new Random(1);
        for (int round = 0; round < 2000; round++) {
            List<String> numbers = new ArrayList<>();
            BigDecimal expected = BigDecimal.ZERO;
            for (int i = random.nextInt(30); i >= 0; i--) {
                String number = number(random);
                numbers.add(number);
                expected = expected.add(new BigDecimal(number));
            }
            Collections.shuffle(numbers, random);
            Cells total = Cells.of(SUM);
            Cells part = Cells.of(SUM);
            for (String number : numbers) {
                SUM.add(part, event(number));
                if (random.nextInt(4) == 0) {
                    SUM.merge(total, part);
                    part = Cells.of(SUM);
                }
                if (random.nextInt(4) == 0) {
                    total = restored(total);
                }
            }
            SUM.merge(total, part);
            assertThat(DecimalCells.value(total, 0, 0)).as("sum of %s", numbers).isEqualTo(expected);
            assertThat(bytes(restored(total))).isEqualTo(bytes(total));
        }
    }

    /** A number that is kept in two pieces is written in one piece, as always. */
    @Test
    void writesTheWholeNumber() {
        Cells cells = Cells.of(SUM);
        SUM.add(cells, event("0.0000000000000000001"));
        SUM.add(cells, event("2.5"));
        assertThat(bytes(cells)).isEqualTo("ff" + "26" + "09" + "015af1d78b58c40001");
    }

    private static Cells restored(Cells cells) {
        Cells restored = Cells.of(SUM);
        SUM.read(restored, new StateInput(HexFormat.of().parseHex(bytes(cells))));
        return restored;
    }

    private static String bytes(Cells cells) {
        StateOutput out = new StateOutput();
        SUM.write(cells, out);
        return HexFormat.of().formatHex(out.toByteArray());
    }

    private static String number(Random random) {
        return switch (random.nextInt(8)) {
            case 0 -> BigDecimal.valueOf(random.nextLong(), random.nextInt(19)).toString();
            case 1 ->
                BigDecimal.valueOf(random.nextInt(), random.nextInt(200) - 100).toString();
            case 2 -> Long.toString(random.nextBoolean() ? Long.MAX_VALUE : Long.MIN_VALUE);
            case 3 -> "0.000000000000000001";
            case 4 -> "0.00";
            default -> BigDecimal.valueOf(random.nextInt(), 2).toString();
        };
    }

    private static Event event(String number) {
        Event event = new Event(1);
        BigDecimal value = new BigDecimal(number);
        if (value.unscaledValue().bitLength() < 64 && value.scale() >= 0 && value.scale() <= 18) {
            event.field(0).number(value.unscaledValue().longValueExact(), value.scale());
        } else {
            event.field(0).number(value);
        }
        return event;
    }
}
