package io.tally.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.campaign.check.Checker;
import io.tally.campaign.check.Evidence;
import io.tally.campaign.check.Expectation;
import io.tally.campaign.check.Message;
import io.tally.campaign.check.Mutation;
import io.tally.campaign.check.Rules;
import io.tally.campaign.check.Rules.Kind;
import io.tally.campaign.check.SampleRun;
import io.tally.campaign.load.Lines;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A checker that finds nothing may be one that cannot find anything. */
class CheckerHonestyTest {
    private static final int PARTITIONS = 3;
    private static final long DAY = 86_400_000;
    private static final int RECORDS = 6_000;

    private static Stream<Rules> rules() {
        return Stream.of(
                new Rules(Kind.TUMBLING, 1000, 1000, 500, false, false, PARTITIONS),
                new Rules(Kind.TUMBLING, 1000, 1000, 500, false, true, PARTITIONS),
                new Rules(Kind.TUMBLING, 1000, 1000, 500, true, false, PARTITIONS),
                new Rules(Kind.HOPPING, 1500, 500, 300, false, false, PARTITIONS),
                new Rules(Kind.HOPPING, 1500, 500, 300, true, true, PARTITIONS),
                new Rules(Kind.SESSION, 400, 400, 500, false, false, PARTITIONS),
                new Rules(Kind.SESSION, 400, 400, 500, true, false, PARTITIONS),
                new Rules(Kind.TUMBLING, 500, 500, 300, 1_000, false, false, PARTITIONS),
                new Rules(Kind.CUMULATIVE, 2000, 500, 500, false, false, PARTITIONS),
                new Rules(Kind.CALENDAR, DAY, DAY, DAY / 15, false, false, PARTITIONS),
                new Rules(Kind.TOTAL, 500, 500, 300, false, true, PARTITIONS));
    }

    @ParameterizedTest
    @MethodSource("rules")
    void findsWhatIsWrongAndNothingElse(Rules rules) {
        for (long seed = 1; seed <= 2; seed++) {
            Expectation expected = new Expectation(rules, source(rules, seed));
            Evidence good = SampleRun.of(expected);

            assertThat(Checker.check(expected, good).wrong()).isEmpty();
            assertThat(good.after().sink()).hasSizeGreaterThan(RECORDS / 100);
            assertThat(expected.uncounted()[1]).isPositive();
            assertThat(Mutation.unnoticed(expected, good, seed)).isEmpty();
        }
    }

    private static List<Message> source(Rules rules, long seed) {
        Lines lines = new Lines(rules, seed, 1000);
        List<Message> source = new ArrayList<>();
        long[] ends = new long[PARTITIONS];
        for (int i = 0; i < RECORDS; i++) {
            Lines.Draft draft = lines.next();
            int partition = Math.floorMod(
                    rules.shuffled() || draft.key() == null ? i : draft.key().hashCode(), PARTITIONS);
            source.add(new Message(partition, ends[partition]++, draft.key(), draft.value(), null));
        }
        return source;
    }
}
