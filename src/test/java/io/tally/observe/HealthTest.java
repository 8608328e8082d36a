package io.tally.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.pipeline.LaneStatus;
import io.tally.pipeline.PipelineStatus;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

class HealthTest {
    @Test
    void isReadyWhenEveryPartitionIsActive() {
        assertThat(readiness(Views.pipeline(Views.lane(Views.active(0)))).getStatus())
                .isEqualTo(Status.UP);
    }

    @Test
    void isReadyWithoutPartitions() {
        assertThat(readiness(Views.pipeline(Views.lane())).getStatus()).isEqualTo(Status.UP);
    }

    @Test
    void isNotReadyWhileAPipelineWaits() {
        Health health = readiness(Views.waiting("No usable answer from the broker"));

        assertThat(health.getStatus()).isEqualTo(Status.DOWN);
        assertThat(health.getDetails().toString()).contains("No usable answer from the broker");
    }

    @Test
    void isNotReadyWhileAPartitionIsRefused() {
        Health health = readiness(Views.pipeline(Views.lane(Views.active(0), Views.refused(1))));

        assertThat(health.getStatus()).isEqualTo(Status.DOWN);
        assertThat(health.getDetails().toString())
                .contains("partition 1 is refused: entries are missing Remedy: restore the topic");
    }

    @Test
    void isNotReadyWhileALaneFails() {
        Health health = readiness(Views.pipeline(Views.lane(true, false, "TimeoutException: no answer", Views.NOW)));

        assertThat(health.getStatus()).isEqualTo(Status.DOWN);
        assertThat(health.getDetails().toString()).contains("lane 0: TimeoutException: no answer");
    }

    @Test
    void isOutOfServiceWhileAPartitionIsRestored() {
        Health health = readiness(Views.pipeline(Views.lane(Views.active(0), Views.restoring(1))));

        assertThat(health.getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
        assertThat(health.getDetails().toString()).contains("partition 1: reading 7 of 9 records");
    }

    @Test
    void isDownRatherThanOutOfService() {
        Health health =
                readiness(Views.pipeline(Views.lane(Views.refused(0))), Views.pipeline(Views.lane(Views.restoring(1))));

        assertThat(health.getStatus()).isEqualTo(Status.DOWN);
    }

    @Test
    void isAliveWhateverTheBrokerDoes() {
        LaneStatus ended = Views.lane(false, true, "another process has the same instance id", Views.NOW);
        LaneStatus failing = Views.lane(true, false, "TimeoutException", Views.NOW);
        LaneStatus neverPolled = Views.lane(true, false, null, null);

        assertThat(liveness(Views.waiting("no broker")).getStatus()).isEqualTo(Status.UP);
        assertThat(liveness(Views.pipeline(ended, failing, neverPolled)).getStatus())
                .isEqualTo(Status.UP);
        assertThat(liveness(Views.pipeline(Views.lane(Views.refused(0)))).getStatus())
                .isEqualTo(Status.UP);
    }

    @Test
    void isNotAliveWithADeadThread() {
        Health health = liveness(Views.pipeline(Views.lane(false, false, null, Views.NOW)));

        assertThat(health.getStatus()).isEqualTo(Status.DOWN);
        assertThat(health.getDetails()).containsKey("visits-0");
    }

    @Test
    void isNotAliveWithAThreadThatHangs() {
        Health health =
                liveness(Views.pipeline(Views.lane(true, false, null, Views.NOW.minus(Duration.ofMinutes(11)))));

        assertThat(health.getStatus()).isEqualTo(Status.DOWN);
        assertThat(health.getDetails().get("visits-0").toString()).contains("2025-12-31T23:59:00Z");
    }

    private static Health readiness(PipelineStatus... pipelines) {
        Health health = new PipelinesHealthIndicator(() -> List.of(pipelines)).health();
        assertThat(health).isNotNull();
        return health;
    }

    private static Health liveness(PipelineStatus... pipelines) {
        Health health =
                new LanesHealthIndicator(() -> List.of(pipelines), Clock.fixed(Views.NOW, ZoneOffset.UTC)).health();
        assertThat(health).isNotNull();
        return health;
    }
}
