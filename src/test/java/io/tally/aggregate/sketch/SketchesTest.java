package io.tally.aggregate.sketch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tally.aggregate.Aggregate;
import io.tally.aggregate.Cells;
import io.tally.aggregate.Event;
import io.tally.aggregate.StateInput;
import io.tally.aggregate.StateOutput;
import io.tally.testkit.AggregateLaws;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SketchesTest {
    private static final int NUMBER = 0;
    private static final int TEXT = 1;
    private static final List<BigDecimal> SOME = List.of(
            new BigDecimal("0"),
            new BigDecimal("0.25"),
            new BigDecimal("0.5"),
            new BigDecimal("0.7"),
            new BigDecimal("0.99"),
            new BigDecimal("1"));

    @ParameterizedTest
    @ValueSource(ints = {6, 8, 12})
    void approximateDistinctKeepsTheLaws(int precision) {
        AggregateLaws.of(Sketches.approximateDistinct(TEXT, precision), 2, SketchesTest::sample)
                .commutative()
                .check();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.001, 0.01, 0.1})
    void quantilesKeepTheLaws(double accuracy) {
        AggregateLaws.of(Sketches.quantiles(NUMBER, SOME, accuracy), 2, SketchesTest::sample)
                .commutative()
                .check();
    }

    @Test
    void fewDistinctValuesAreExact() {
        Aggregate aggregate = Sketches.approximateDistinct(TEXT, 12);
        Cells cells = Cells.of(aggregate);
        for (int i = 0; i < 1000; i++) {
            assertThat(aggregate.result(cells)).isEqualTo((long) Math.min(i, 256));
            aggregate.add(cells, event("0", "v" + Math.min(i, 255)));
        }
    }

    /** The texts are fixed, so the outcome is, too. Only one in 16,000 sets of texts exceeds four standard errors. */
    @ParameterizedTest
    @ValueSource(ints = {6, 10, 12, 16})
    void manyDistinctValuesAreWithinTheErrorBound(int precision) {
        Aggregate aggregate = Sketches.approximateDistinct(TEXT, precision);
        Cells cells = Cells.of(aggregate);
        double bound = 4 * 0.782 / Math.sqrt(1 << precision);
        int added = 0;
        for (int count : new int[] {1000, 10_000, 100_000}) {
            while (added < count) {
                aggregate.add(cells, event("0", "visitor-" + added++));
            }
            assertThat((double) (Long) aggregate.result(cells)).isBetween(count * (1 - bound), count * (1 + bound));
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.001, 0.01, 0.1})
    void quantilesAreWithinTheErrorBound(double accuracy) {
        Random random = new Random(1);
        Aggregate aggregate = Sketches.quantiles(NUMBER, SOME, accuracy);
        for (int round = 0; round < 100; round++) {
            Cells cells = Cells.of(aggregate);
            List<BigDecimal> numbers = new ArrayList<>();
            for (int i = random.nextInt(300); i >= 0; i--) {
                Event event = new Event(2);
                sample(random, event);
                aggregate.add(cells, event);
                BigDecimal big = event.field(NUMBER).big();
                numbers.add(
                        big != null
                                ? big
                                : BigDecimal.valueOf(
                                        event.field(NUMBER).unscaled(),
                                        event.field(NUMBER).scale()));
            }
            numbers.sort(null);
            Map<?, ?> result = (Map<?, ?>) aggregate.result(cells);
            for (BigDecimal quantile : SOME) {
                double exact = numbers.get(quantile.multiply(new BigDecimal(numbers.size() - 1))
                                .intValue())
                        .doubleValue();
                // The six digits that are shown add a little.
                double error = Math.abs(exact) * (accuracy + 1e-5);
                assertThat(((BigDecimal) result.get(quantile.toPlainString())).doubleValue())
                        .isBetween(exact - error, exact + error);
            }
        }
    }

    /**
     * Doubles miss the rank if the product is a whole number that they cannot reach: 0.7 of 90 is 62.99... for them.
     * For each quantile there are two kinds of numbers, and the rank is that of the first of the second kind.
     */
    @Test
    void quantilesAreOfTheExactRank() {
        for (String quantile : List.of(
                "0.1", "0.29", "0.57", "0.58", "0.7", "0.999", "0.9999999", "0.12345678901234567890123", "1", "0")) {
            BigDecimal q = new BigDecimal(quantile);
            for (long count = 1; count <= 2001; count++) {
                assertThat(borderOf(q, count)).as(quantile + " of " + count).isTrue();
            }
            for (long count : List.of(1L << 53, (1L << 53) - 1, 9_000_000_000_000_001L, 1_000_000_000_000_001L)) {
                assertThat(borderOf(q, count)).as(quantile + " of " + count).isTrue();
            }
        }
    }

    /** Whether the number of the quantile's rank is found, and the one before it is not. */
    private static boolean borderOf(BigDecimal quantile, long count) {
        long rank =
                quantile.multiply(BigDecimal.valueOf(count - 1)).toBigInteger().longValueExact();
        boolean at = rank == 0 || at(quantile, rank, count - rank) > 900;
        return at && (rank == count - 1 || at(quantile, rank + 1, count - rank - 1) < 2);
    }

    /** The quantile of so many ones and so many thousands, which are read in the form of the state topic. */
    private static double at(BigDecimal quantile, long ones, long thousands) {
        Aggregate aggregate = Sketches.quantiles(NUMBER, List.of(quantile), 0.01);
        StateOutput out = new StateOutput();
        out.writeUnsigned(0);
        out.writeUnsigned(0);
        out.writeUnsigned(thousands == 0 ? 1 : 2);
        out.writeSigned(0);
        out.writeUnsigned(ones);
        if (thousands > 0) {
            out.writeSigned(637);
            out.writeUnsigned(thousands);
        }
        Cells cells = Cells.of(aggregate);
        aggregate.read(cells, new StateInput(out.toByteArray()));
        Map<?, ?> result = (Map<?, ?>) aggregate.result(cells);
        return ((BigDecimal) result.values().iterator().next()).doubleValue();
    }

    @Test
    void quantilesOfNothingAreNothing() {
        Aggregate aggregate = Sketches.quantiles(NUMBER, SOME, 0.01);
        assertThat(aggregate.result(Cells.of(aggregate))).isNull();
    }

    /** Hashes, registers and buckets are durable: a new release of a library must not change them. */
    @Test
    void pinsTheBytes() {
        Aggregate distinct = Sketches.approximateDistinct(TEXT, 6);
        assertThat(bytes(distinct, "1", "2"))
                .as("XXH3 of both")
                .isEqualTo("00" + "02" + "fb95a7322f5da314" + "65cd25028f98f158");
        assertThat(bytes(distinct, "1", "2", "3", "4", "5", "6"))
                .isEqualTo(
                        "0100000000000000000000000000000000000000000000000000180000140000000000000000000000000000000018000000000000000000141400000000001400");
        Aggregate quantiles = Sketches.quantiles(NUMBER, SOME, 0.01);
        assertThat(bytes(quantiles, "0", "-1", "1", "1", "1000"))
                .isEqualTo("01" + "01" + "0001" + "02" + "0002" + "fa0901");
    }

    @Test
    void refusesParametersOutOfRange() {
        assertThatThrownBy(() -> Sketches.approximateDistinct(TEXT, 5)).hasMessage("must be 6 to 16");
        assertThatThrownBy(() -> Sketches.quantiles(NUMBER, SOME, 0.2)).hasMessage("must be 0.001 to 0.1");
        assertThatThrownBy(() -> Sketches.quantiles(NUMBER, List.of(), 0.01))
                .hasMessage("must be at least one number from 0 to 1");
        assertThatThrownBy(() -> Sketches.quantiles(NUMBER, List.of(BigDecimal.TEN), 0.01))
                .hasMessage("must be numbers from 0 to 1");
    }

    private static String bytes(Aggregate aggregate, String... values) {
        Cells cells = Cells.of(aggregate);
        for (String value : values) {
            aggregate.add(cells, event(value, value));
        }
        StateOutput out = new StateOutput();
        aggregate.write(cells, out);
        return HexFormat.of().formatHex(out.toByteArray());
    }

    private static Event event(String number, String text) {
        Event event = new Event(2);
        event.field(NUMBER).number(Long.parseLong(number), 0);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        event.field(TEXT).text(bytes, 0, bytes.length);
        return event;
    }

    private static void sample(Random random, Event event) {
        byte[] text = ("v" + random.nextInt(random.nextBoolean() ? 20 : 5000)).getBytes(StandardCharsets.UTF_8);
        event.field(TEXT).text(text, 0, text.length);
        switch (random.nextInt(6)) {
            case 0 -> event.field(NUMBER).number(random.nextLong(), random.nextInt(19));
            case 1 -> event.field(NUMBER).number(new BigDecimal("-123456789012345678901234567890.25"));
            case 2 -> event.field(NUMBER).number(new BigDecimal(random.nextBoolean() ? "1E+160" : "-1E-160"));
            default -> event.field(NUMBER).number(random.nextInt(2001) - 1000, random.nextInt(3));
        }
    }
}
