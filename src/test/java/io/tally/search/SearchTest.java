package io.tally.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How to go through more, and what came of it: docs/reliability.md. */
class SearchTest {
    private static final int RECORDS = Integer.getInteger("tally.search.records", 3);
    private static final int FAULTS = Integer.getInteger("tally.search.faults", 1);
    /** Records of the first partition; all that are at least as many as those of the second if nobody says. */
    private static final Integer FIRST = Integer.getInteger("tally.search.first");

    @Test
    void nothingThatCanHappenMakesItMiscount() {
        Set<Step> met = EnumSet.noneOf(Step.class);
        for (int first = RECORDS; 2 * first >= RECORDS; first--) {
            if (FIRST == null || FIRST == first) {
                Search.Result result = search(first, RECORDS - first);
                assertThat(result.trace()).isEmpty();
                met.addAll(result.steps().keySet());
            }
        }
        assertThat(met).containsExactlyInAnyOrderElementsOf(EnumSet.complementOf(EnumSet.of(Step.TIME_OUT)));
    }

    private static Search.Result search(int first, int second) {
        long begin = System.nanoTime();
        Search.Result result = new Search(new Scope(first, second), null).run(FAULTS);
        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        System.out.println(first + " and " + second + " records: " + result + "; " + took.toMillis() + " ms");
        return result;
    }

    @ParameterizedTest
    @EnumSource
    void findsOutEachBug(Bug bug) {
        Search.Result result = new Search(new Scope(1, 0), bug).run(2);
        System.out.println(bug + ", " + result.faults() + " faults, " + result.states() + " states:\n  "
                + String.join("\n  ", result.trace()));
        assertThat(result.trace()).isNotEmpty();
    }
}
