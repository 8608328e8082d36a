package io.tally.kafka.lane;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.kafka.restore.PredecessorTransactions;
import io.tally.plan.TransactionLimits;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class BatchLimitsTest {
    private static final BooleanSupplier NOT_DUE = () -> false;
    private static final Duration TICK = Duration.ofMillis(60);
    private static final BatchLimits LIMITS = new BatchLimits(10, 25, Duration.ofMillis(100), TICK);

    @Test
    void takesInFullPollsWhileThereIsRoomForAnother() {
        assertThat(LIMITS.millisForMore(10, 10, 0, NOT_DUE)).isPositive();
        assertThat(LIMITS.millisForMore(10, 15, 0, NOT_DUE)).isPositive();
        assertThat(LIMITS.millisForMore(10, 16, 0, NOT_DUE)).isZero();
    }

    @Test
    void takesInFullPollsBeyondTheIntervalButNotForLong() {
        assertThat(LIMITS.millisForMore(10, 10, 249, NOT_DUE)).isPositive();
        assertThat(LIMITS.millisForMore(10, 10, 250, NOT_DUE)).isZero();
    }

    @Test
    void waitsForTheRestOfTheIntervalButLooksInBetween() {
        assertThat(LIMITS.millisForMore(3, 3, 0, NOT_DUE)).isEqualTo(60);
        assertThat(LIMITS.millisForMore(3, 3, 39, NOT_DUE)).isEqualTo(60);
        assertThat(LIMITS.millisForMore(0, 3, 70, NOT_DUE)).isEqualTo(30);
        assertThat(LIMITS.millisForMore(0, 3, 100, NOT_DUE)).isNotPositive();
        assertThat(LIMITS.millisForMore(3, 16, 0, NOT_DUE)).isZero();
    }

    @Test
    void rowsDoNotWait() {
        assertThat(LIMITS.millisForMore(3, 3, 50, () -> true)).isZero();
    }

    /** There is more to come, and large transactions are what matters then. */
    @Test
    void rowsDoNotEndATransactionOfFullPolls() {
        assertThat(LIMITS.millisForMore(10, 10, 50, () -> true)).isPositive();
    }

    /** It may cost more than the records of a poll, with many open windows. */
    @Test
    void doesNotAskWhatIsDueAfterAFullPoll() {
        assertThat(LIMITS.millisForMore(10, 10, 50, () -> {
                    throw new AssertionError("asked");
                }))
                .isPositive();
    }

    @Test
    void nothingWaitsWithoutInterval() {
        BatchLimits limits = new BatchLimits(10, 25, Duration.ZERO, TICK);
        assertThat(limits.millisForMore(3, 3, 0, NOT_DUE)).isNotPositive();
        assertThat(limits.millisForMore(10, 10, 0, NOT_DUE)).isPositive();
    }

    /** Else a take-over would fence the living. */
    @Test
    void transactionsAreFarShorterThanADeadOwners() {
        Duration patience = PredecessorTransactions.PATIENCE;
        assertThat(TransactionLimits.LONGEST_COMMIT_INTERVAL).isLessThanOrEqualTo(patience.dividedBy(2));
        assertThat(BatchLimits.FULL_POLLS).isLessThanOrEqualTo(patience.dividedBy(2));
    }
}
