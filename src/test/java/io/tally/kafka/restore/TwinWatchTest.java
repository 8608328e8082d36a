package io.tally.kafka.restore;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TwinWatchTest {
    /** A broker that takes no longer transactions than the lanes' would take no longer fencing either. */
    @ParameterizedTest
    @ValueSource(ints = {3_000, 10_000, 30_000, 30_001, 60_000})
    void fencesWithinTheTimeoutOfTheLanesButNotWithThat(int millis) {
        Duration lanes = Duration.ofMillis(millis);
        assertThat(TwinWatch.fencingTimeout(lanes)).isLessThan(lanes).isBetween(Duration.ofSeconds(2), lanes);
    }
}
