package io.tally.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BatchLimitsTest {
    private static final BatchLimits LIMITS = new BatchLimits(10, 25, Duration.ofMillis(100));

    @Test
    void takesInFullPollsWhileThereIsRoomForAnother() {
        assertThat(LIMITS.millisForMore(10, 10, 0, false)).isPositive();
        assertThat(LIMITS.millisForMore(10, 15, 0, false)).isPositive();
        assertThat(LIMITS.millisForMore(10, 16, 0, false)).isZero();
    }

    @Test
    void takesInFullPollsBeyondTheIntervalButNotForLong() {
        assertThat(LIMITS.millisForMore(10, 10, 249, false)).isPositive();
        assertThat(LIMITS.millisForMore(10, 10, 250, false)).isZero();
    }

    @Test
    void waitsForTheRestOfTheInterval() {
        assertThat(LIMITS.millisForMore(3, 3, 0, false)).isEqualTo(100);
        assertThat(LIMITS.millisForMore(0, 3, 70, false)).isEqualTo(30);
        assertThat(LIMITS.millisForMore(0, 3, 100, false)).isNotPositive();
        assertThat(LIMITS.millisForMore(3, 16, 0, false)).isZero();
    }

    @Test
    void rowsDoNotWait() {
        assertThat(LIMITS.millisForMore(3, 3, 50, true)).isZero();
    }

    /** There is more to come, and large transactions are what matters then. */
    @Test
    void rowsDoNotEndATransactionOfFullPolls() {
        assertThat(LIMITS.millisForMore(10, 10, 50, true)).isPositive();
    }

    @Test
    void nothingWaitsWithoutInterval() {
        BatchLimits limits = new BatchLimits(10, 25, Duration.ZERO);
        assertThat(limits.millisForMore(3, 3, 0, false)).isNotPositive();
        assertThat(limits.millisForMore(10, 10, 0, false)).isPositive();
    }

    /** Else a take-over would fence the living. */
    @Test
    void transactionsAreFarShorterThanADeadOwners() {
        Duration patience = PredecessorTransactions.PATIENCE;
        assertThat(BatchLimits.LONGEST_INTERVAL).isLessThanOrEqualTo(patience.dividedBy(2));
        assertThat(BatchLimits.FULL_POLLS).isLessThanOrEqualTo(patience.dividedBy(2));
    }
}
