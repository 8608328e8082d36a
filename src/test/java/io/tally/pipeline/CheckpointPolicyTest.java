package io.tally.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckpointPolicyTest {
    @ParameterizedTest
    @CsvSource({
        "30000, 30000, 200",
        "400, 400, 200",
        "100, 100, 50",
        "30000, 100, 50",
        "100, 400, 50",
        "20, 400, 10",
        "1, 1, 10",
        "30000, 1, 10",
        "30000, 0, 200"
    })
    void looksOftenEnoughForTheIntervals(long interval, long emitInterval, long tick) {
        CheckpointPolicy policy =
                new CheckpointPolicy(Duration.ofMillis(interval), 1, 1, false, Duration.ofMillis(emitInterval));
        assertThat(policy.tick()).isEqualTo(Duration.ofMillis(tick));
    }

    @ParameterizedTest
    @CsvSource({"0, 50", "509, 50", "510, 51", "200000, 20000"})
    void writesMoreEntriesInATransactionOfManyRecords(long records, int entries) {
        CheckpointPolicy policy = new CheckpointPolicy(Duration.ZERO, 1, 50, false, Duration.ofMillis(1));
        assertThat(policy.maxEntries(records)).isEqualTo(entries);
        assertThat(policy.maxUpdates(records)).isEqualTo(entries);
    }

    @Test
    void updatesWithoutAnIntervalAllLeaveAtOnce() {
        CheckpointPolicy policy = new CheckpointPolicy(Duration.ZERO, 1, 50, false, Duration.ZERO);
        assertThat(policy.maxUpdates(1)).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void seldomLooksForWhatNeverGrowsOld() {
        CheckpointPolicy policy = new CheckpointPolicy(Duration.ZERO, 1, 1, true, Duration.ZERO);
        assertThat(policy.tick()).isEqualTo(Duration.ofMillis(200));
    }
}
