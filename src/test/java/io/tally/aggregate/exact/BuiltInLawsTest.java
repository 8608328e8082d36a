package io.tally.aggregate.exact;

import io.tally.aggregate.Aggregate;
import io.tally.aggregate.Event;
import io.tally.aggregate.FieldValue;
import io.tally.testkit.AggregateLaws;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The laws that every aggregate function keeps, by the kit that users have for theirs. */
class BuiltInLawsTest {
    private static final int NUMBER = 0;
    private static final int TEXT = 1;

    @ParameterizedTest
    @MethodSource
    void holdWhateverTheOrder(Aggregate aggregate) {
        AggregateLaws.of(aggregate, 2, BuiltInLawsTest::sample).commutative().check();
    }

    static Stream<Aggregate> holdWhateverTheOrder() {
        return Stream.of(
                BuiltIn.count(),
                BuiltIn.sum(NUMBER),
                BuiltIn.min(NUMBER),
                BuiltIn.max(NUMBER),
                BuiltIn.average(NUMBER),
                BuiltIn.variance(NUMBER),
                BuiltIn.standardDeviation(NUMBER),
                BuiltIn.distinct(TEXT, 5),
                BuiltIn.distinct(TEXT, 1000),
                BuiltIn.topByCount(TEXT, 3, 5),
                BuiltIn.topByCount(TEXT, 3, 1000),
                BuiltIn.topBySum(TEXT, NUMBER, 2, 1000));
    }

    /** Equal times, and sequences, are where the order shows. */
    @ParameterizedTest
    @MethodSource
    void holdInTheOrderOfTheSource(Aggregate aggregate) {
        AggregateLaws.of(aggregate, 2, BuiltInLawsTest::sample).check();
    }

    static Stream<Aggregate> holdInTheOrderOfTheSource() {
        return Stream.of(
                BuiltIn.first(TEXT), BuiltIn.last(TEXT), BuiltIn.collect(TEXT, 7), BuiltIn.collect(TEXT, 1000));
    }

    private static void sample(Random random, Event event) {
        event.time(random.nextInt(10) - 5);
        number(event.field(NUMBER), random);
        byte[] text = text(random).getBytes(StandardCharsets.UTF_8);
        event.field(TEXT).text(text, 0, text.length);
        for (int slot : new int[] {NUMBER, TEXT}) {
            if (random.nextInt(4) == 0) {
                event.field(slot).missing();
            }
        }
    }

    private static String text(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> "";
            case 1 -> "ü" + random.nextInt(300);
            case 2 -> "long".repeat(random.nextInt(2000));
            default -> "t" + random.nextInt(9);
        };
    }

    private static void number(FieldValue field, Random random) {
        switch (random.nextInt(6)) {
            case 0 -> field.number(random.nextLong(), random.nextInt(19));
            case 1 -> field.number(new BigDecimal("1E+20").multiply(BigDecimal.valueOf(random.nextInt(7) - 3)));
            case 2 -> field.number(new BigDecimal("123456789012345678901234567890.25"));
            case 3 -> field.number(10 * (random.nextInt(5) - 2), 1);
            default -> field.number(random.nextInt(5) - 2, random.nextInt(2));
        }
    }
}
