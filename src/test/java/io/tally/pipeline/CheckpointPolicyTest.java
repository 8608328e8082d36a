package io.tally.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckpointPolicyTest {
    @ParameterizedTest
    @CsvSource({"30000, 200", "400, 200", "100, 50", "20, 10", "1, 10"})
    void looksOftenEnoughForTheInterval(long interval, long tick) {
        CheckpointPolicy policy = new CheckpointPolicy(Duration.ofMillis(interval), 1, 1, false);
        assertThat(policy.tick()).isEqualTo(Duration.ofMillis(tick));
    }

    @Test
    void seldomLooksForWhatNeverGrowsOld() {
        CheckpointPolicy policy = new CheckpointPolicy(Duration.ZERO, 1, 1, true);
        assertThat(policy.tick()).isEqualTo(Duration.ofMillis(200));
    }
}
