package io.tally.aggregate.exact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tally.aggregate.Aggregate;
import io.tally.aggregate.Cells;
import io.tally.aggregate.Event;
import io.tally.aggregate.StateOutput;
import io.tally.engine.EngineView;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Examples of what the functions mean. The simulation has more, and the laws are in {@link BuiltInLawsTest}. */
class BuiltInTest {
    private static final int NUMBER = 0;
    private static final int TEXT = 1;

    @Test
    void varianceIsThatOfASample() {
        assertThat(numbers(BuiltIn.variance(NUMBER), "2", "4", "4", "4", "5", "5", "7", "9"))
                .isEqualTo("4.571428571428571");
        assertThat(numbers(BuiltIn.standardDeviation(NUMBER), "2", "4", "4", "4", "5", "5", "7", "9"))
                .isEqualTo("2.138089935299395");
        assertThat(numbers(BuiltIn.variance(NUMBER), "1", "3")).isEqualTo("2");
        assertThat(numbers(BuiltIn.standardDeviation(NUMBER), "10", "50", "30")).isEqualTo("20");
        assertThat(numbers(BuiltIn.variance(NUMBER), "7", "7.0")).isEqualTo("0");
    }

    @Test
    void varianceNeedsTwoEvents() {
        assertThat(numbers(BuiltIn.variance(NUMBER))).isEqualTo("null");
        assertThat(numbers(BuiltIn.standardDeviation(NUMBER), "5")).isEqualTo("null");
    }

    /** Doubles give 0 here, or even a negative number. */
    @Test
    void varianceOfCloseNumbersDoesNotCancel() {
        assertThat(numbers(BuiltIn.variance(NUMBER), "1000000000000000.1", "1000000000000000.2"))
                .isEqualTo("0.005");
        assertThat(numbers(BuiltIn.variance(NUMBER), "-9223372036854775808", "9223372036854775807"))
                .isEqualTo("170141183460469200000000000000000000000");
        assertThat(numbers(BuiltIn.standardDeviation(NUMBER), "1E-100", "3E-100"))
                .startsWith("0.000")
                .endsWith("0001414213562373095");
    }

    /**
     * A variance close to the square of a half-way number: its 40 first digits are those of the square, from which the
     * root would be rounded up.
     */
    @Test
    void standardDeviationIsRoundedOnce() {
        String below = "1.2345678901234564" + "9".repeat(25);
        assertThat(numbers(BuiltIn.standardDeviation(NUMBER), "-" + below, "0", below))
                .isEqualTo("1.234567890123456");
        assertThat(numbers(BuiltIn.standardDeviation(NUMBER), "-1.2345678901234565", "0", "1.2345678901234565"))
                .isEqualTo("1.234567890123457");
    }

    /** By the definition: the root is between the two half-way numbers beside the result. */
    @Test
    void standardDeviationIsTheNearestNumber() {
        Random random = new Random(1);
        for (int round = 0; round < 2000; round++) {
            String[] numbers = new String[2 + random.nextInt(5)];
            int scale = random.nextInt(60) - 20;
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = BigDecimal.valueOf(random.nextLong() >> random.nextInt(60), scale)
                        .toString();
            }
            BigDecimal variance = new BigDecimal(numbers(BuiltIn.variance(NUMBER), numbers));
            BigDecimal root = new BigDecimal(numbers(BuiltIn.standardDeviation(NUMBER), numbers));
            if (root.signum() == 0) {
                assertThat(variance).isZero();
                continue;
            }
            BigDecimal n = BigDecimal.valueOf(numbers.length);
            BigDecimal sum = BigDecimal.ZERO;
            BigDecimal squares = BigDecimal.ZERO;
            for (String number : numbers) {
                sum = sum.add(new BigDecimal(number));
                squares = squares.add(new BigDecimal(number).pow(2));
            }
            BigDecimal dividend = squares.multiply(n).subtract(sum.pow(2));
            BigDecimal divisor = n.multiply(n.subtract(BigDecimal.ONE));
            BigDecimal half = BigDecimal.valueOf(5, 16 - (root.precision() - root.scale()) + 1);
            assertThat(dividend)
                    .isGreaterThanOrEqualTo(root.subtract(half).pow(2).multiply(divisor));
            assertThat(dividend).isLessThan(root.add(half).pow(2).multiply(divisor));
        }
    }

    /** If the first of equal numbers won, the result would depend on the order of merging. */
    @Test
    void extremesOfEqualNumbersAreTheShortest() {
        for (Aggregate aggregate : List.of(BuiltIn.min(NUMBER), BuiltIn.max(NUMBER))) {
            assertThat(numbers(aggregate, "1.00", "1", "1.0")).isEqualTo("1");
            assertThat(numbers(aggregate, "1", "1.00")).isEqualTo("1");
            assertThat(numbers(aggregate, "1.50", "1.5000000000000000000000")).isEqualTo("1.50");
            assertThat(numbers(aggregate, "1.5000000000000000000000", "1.50")).isEqualTo("1.50");
            assertThat(numbers(aggregate, "-0.0", "0.00")).isEqualTo("0.0");
        }
    }

    @Test
    void distinctCountsTextsUpToItsLimit() {
        assertThat(texts(BuiltIn.distinct(TEXT, 3))).isEqualTo("0");
        assertThat(texts(BuiltIn.distinct(TEXT, 3), "a", "b", "a", "", "b")).isEqualTo("3");
        assertThat(texts(BuiltIn.distinct(TEXT, 3), "1", "1.0", "01")).isEqualTo("3");
        assertThat(texts(BuiltIn.distinct(TEXT, 3), "a", "b", "c", "d", "a")).isEqualTo("null");
        String half = "x".repeat(TextBounds.MAX_BYTES / 2 - TextBounds.OVERHEAD);
        assertThat(texts(BuiltIn.distinct(TEXT, 3), half + "", half.replace('x', 'y')))
                .isEqualTo("2");
        assertThat(texts(BuiltIn.distinct(TEXT, 3), half + "x", half)).isEqualTo("null");
    }

    @Test
    void topRanksByCountOrSum() {
        assertThat(texts(BuiltIn.topByCount(TEXT, 2, 3), "a", "c", "b", "c", "b", "a", "c"))
                .isEqualTo("[{value=c, count=3}, {value=a, count=2}]");
        assertThat(texts(BuiltIn.topByCount(TEXT, 2, 3), "a", "b", "c", "d")).isEqualTo("null");
        assertThat(texts(BuiltIn.topByCount(TEXT, 2, 3))).isEqualTo("[]");

        Cells cells = Cells.of(BuiltIn.topBySum(TEXT, NUMBER, 2, 3));
        Aggregate bySum = BuiltIn.topBySum(TEXT, NUMBER, 2, 3);
        bySum.add(cells, event("5", "a"));
        bySum.add(cells, event("-1", "b"));
        bySum.add(cells, event("2.50", "c"));
        bySum.add(cells, event("2.5", "c"));
        assertThat(EngineView.text(new Object[] {bySum.result(cells)}))
                .isEqualTo("[{value=a, sum=5}, {value=c, sum=5.00}]");
    }

    @Test
    void collectKeepsTheFirst() {
        assertThat(texts(BuiltIn.collect(TEXT, 3))).isEqualTo("[]");
        assertThat(texts(BuiltIn.collect(TEXT, 3), "b", "a", "b", "c")).isEqualTo("[b, a, b]");
        String large = "x".repeat(TextBounds.MAX_BYTES);
        assertThat(texts(BuiltIn.collect(TEXT, 3), "a", large, "b"))
                .as("no later text takes the place of one that did not fit")
                .isEqualTo("[a]");
    }

    @Test
    void passOverMissingValues() {
        for (Aggregate aggregate : List.of(
                BuiltIn.sum(NUMBER),
                BuiltIn.min(NUMBER),
                BuiltIn.max(NUMBER),
                BuiltIn.average(NUMBER),
                BuiltIn.variance(NUMBER),
                BuiltIn.standardDeviation(NUMBER),
                BuiltIn.first(TEXT),
                BuiltIn.last(TEXT))) {
            assertThat(events(aggregate, missing())).as(aggregate.toString()).isEqualTo("null");
            assertThat(events(aggregate, missing(), event("4", "t"), event("6", "t"), missing()))
                    .as(aggregate.toString())
                    .isEqualTo(events(aggregate, event("4", "t"), event("6", "t")));
        }
        assertThat(events(BuiltIn.count(), missing())).isEqualTo("1");
        assertThat(events(BuiltIn.distinct(TEXT, 1), missing(), event("0", "a")))
                .isEqualTo("1");
        assertThat(events(BuiltIn.topByCount(TEXT, 2, 3), missing(), event("0", "a")))
                .isEqualTo("[{value=a, count=1}]");
        assertThat(events(BuiltIn.collect(TEXT, 3), missing(), event("0", "a"))).isEqualTo("[a]");
    }

    @Test
    void topBySumNeedsBoth() {
        Event noNumber = event("1", "a");
        noNumber.field(NUMBER).missing();
        Event noText = event("1", "a");
        noText.field(TEXT).missing();
        assertThat(events(BuiltIn.topBySum(TEXT, NUMBER, 2, 3), noNumber, noText, event("2", "b")))
                .isEqualTo("[{value=b, sum=2}]");
        assertThat(events(BuiltIn.topByCount(TEXT, 2, 3), noNumber, noText)).isEqualTo("[{value=a, count=1}]");
    }

    private static Event missing() {
        Event event = event("7", "x");
        event.field(NUMBER).missing();
        event.field(TEXT).missing();
        return event;
    }

    private static String events(Aggregate aggregate, Event... events) {
        Cells cells = Cells.of(aggregate);
        for (Event event : events) {
            aggregate.add(cells, event);
        }
        return result(aggregate, cells);
    }

    /**
     * The state topic has these bytes, so a change is a new format. StateFormatTest pins those of the older functions.
     */
    @Test
    void pinsTheBytes() {
        Aggregate sum = BuiltIn.sum(NUMBER);
        assertThat(bytes(sum, event("0", ""))).isEqualTo("00" + "00");
        assertThat(bytes(sum, missing())).as("no number yet").isEqualTo("fe");
        Aggregate variance = BuiltIn.variance(NUMBER);
        assertThat(bytes(variance, event("1.5", ""), event("-3", "")))
                .as("count, sum -1.5, sum of squares 11.25")
                .isEqualTo("02" + "011d" + "02ca11");
        Aggregate distinct = BuiltIn.distinct(TEXT, 2);
        assertThat(bytes(distinct, event("0", "b"), event("0", "a"))).isEqualTo("00" + "02" + "0161" + "0162");
        assertThat(bytes(distinct, event("0", "b"), event("0", "a"), event("0", "")))
                .isEqualTo("01");
        Aggregate top = BuiltIn.topBySum(TEXT, NUMBER, 1, 2);
        assertThat(bytes(top, event("1.5", "b"), event("-3", "a"), event("1.5", "b")))
                .isEqualTo("00" + "02" + "0161" + "0001fd" + "0162" + "02011e");
        Aggregate collect = BuiltIn.collect(TEXT, 2);
        assertThat(bytes(collect, event("0", "b"), event("0", "a"))).isEqualTo("00" + "02" + "0162" + "0161");
        assertThat(bytes(collect, event("0", "b"), event("0", "a"), event("0", "c")))
                .isEqualTo("01" + "02" + "0162" + "0161");
    }

    @Test
    void refusesLimitsThatNoStateRecordCouldHold() {
        for (int limit : List.of(0, -1, 32_769)) {
            assertThatThrownBy(() -> BuiltIn.distinct(TEXT, limit))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("must be 1 to 32768");
        }
    }

    private static String numbers(Aggregate aggregate, String... numbers) {
        Cells cells = Cells.of(aggregate);
        for (String number : numbers) {
            aggregate.add(cells, event(number, ""));
        }
        return result(aggregate, cells);
    }

    private static String texts(Aggregate aggregate, String... texts) {
        Cells cells = Cells.of(aggregate);
        for (String text : texts) {
            aggregate.add(cells, event("0", text));
        }
        return result(aggregate, cells);
    }

    private static String result(Aggregate aggregate, Cells cells) {
        return EngineView.text(new @Nullable Object[] {aggregate.result(cells)});
    }

    private static String bytes(Aggregate aggregate, Event... events) {
        Cells cells = Cells.of(aggregate);
        for (Event event : events) {
            aggregate.add(cells, event);
        }
        StateOutput out = new StateOutput();
        aggregate.write(cells, out);
        return HexFormat.of().formatHex(out.toByteArray());
    }

    private static Event event(String number, String text) {
        Event event = new Event(2);
        BigDecimal value = new BigDecimal(number);
        if (value.precision() <= 18 && value.scale() >= 0 && value.scale() <= 18) {
            event.field(NUMBER).number(value.unscaledValue().longValueExact(), value.scale());
        } else {
            event.field(NUMBER).number(value);
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        event.field(TEXT).text(bytes, 0, bytes.length);
        return event;
    }
}
