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

    @Test
    void seldomLooksForWhatNeverGrowsOld() {
        CheckpointPolicy policy = new CheckpointPolicy(Duration.ZERO, 1, 1, true, Duration.ZERO);
        assertThat(policy.tick()).isEqualTo(Duration.ofMillis(200));
    }
}
