package io.tally.kafka.member;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.checkpoint.Ledger;
import io.tally.kafka.transaction.Losses;
import io.tally.pipeline.status.Uncounted;
import io.tally.plan.UncountedRule;
import java.util.Objects;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class RecentRecordsTest {
    private final TopicPartition id = new TopicPartition("visits", 2);
    private RecentRecords recent = new RecentRecords(id, UncountedRule.USUAL);
    private long offset;

    @Test
    void tellTheMostFrequentReasonWithAPlaceAndWhatToDo() {
        add(0, 0, 3, "MALFORMED");
        assertThat(recent.uncounted()).as("3 are too few to tell").isNull();
        add(0, 0, 22, "KEY_MISMATCH");
        Uncounted uncounted = Objects.requireNonNull(recent.uncounted());
        assertThat(uncounted.isSevere()).isTrue();
        assertThat(uncounted.text())
                .startsWith(
                        "of its latest 25 records 25 are not counted, most of them dead letters, reason KEY_MISMATCH,"
                                + " for example visits-2@24: ")
                .contains("key.verify");
    }

    @Test
    void lateRecordsAreNoBetter() {
        add(5, 0, 95, Losses.LATE);
        assertThat(Objects.requireNonNull(recent.uncounted()).text())
                .contains("most of them late, for example visits-2@99");
    }

    @Test
    void someAreAsItShouldBe() {
        add(11, 0, 89, "MALFORMED");
        assertThat(recent.uncounted()).isNull();
        add(0, 0, 11, "MALFORMED");
        assertThat(recent.uncounted()).as("100 of 111").isNotNull();
    }

    /** A thousand records ago is long ago, however many there were. */
    @Test
    void theLatestCount() {
        add(1_000_000, 0, 0, "MALFORMED");
        for (int i = 0; i < 4; i++) {
            add(0, 0, 1_000, "MALFORMED");
        }
        assertThat(recent.uncounted()).isNotNull();
        for (int i = 0; i < 4; i++) {
            add(1_000, 0, 0, "MALFORMED");
        }
        assertThat(recent.uncounted()).isNull();
    }

    @Test
    void aFilterMayLeaveOutMostButNotAll() {
        add(0, 30, 0, "MALFORMED");
        Uncounted uncounted = Objects.requireNonNull(recent.uncounted());
        assertThat(uncounted.isSevere()).as("it is asked for").isFalse();
        assertThat(uncounted.text()).startsWith("of its latest 30 records none is counted: the filter leaves 30 out");

        add(1, 900, 0, "MALFORMED");
        assertThat(recent.uncounted()).isNull();
    }

    @Test
    void readinessIsToBeHadOrNot() {
        recent = new RecentRecords(id, new UncountedRule(0.5, 1, false));
        add(1, 0, 1, "MALFORMED");
        assertThat(Objects.requireNonNull(recent.uncounted()).isSevere()).isFalse();
    }

    private void add(long counted, long filtered, long lost, String reason) {
        offset += counted + filtered + lost;
        boolean late = reason.equals(Losses.LATE);
        recent.committed(
                new Ledger(counted, late ? lost : 0, late ? 0 : lost, filtered), Losses.of(reason, lost, offset - 1));
    }
}
