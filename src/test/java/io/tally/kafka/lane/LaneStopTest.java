package io.tally.kafka.lane;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LaneStopTest {
    private static final Duration PATIENCE = Duration.ofSeconds(25);

    private long now = -3;
    private final LaneStop stop = new LaneStop(PATIENCE, () -> now);

    @Test
    void givesLanesThatAreToldTogetherTheSameTime() {
        List<LaneStop> lanes = Stream.generate(() -> new LaneStop(PATIENCE, () -> now))
                .limit(3)
                .toList();
        lanes.forEach(LaneStop::tell);

        assertThat(lanes).extracting(LaneStop::left).containsOnly(PATIENCE);
        pass(PATIENCE);
        assertThat(lanes).extracting(LaneStop::left).containsOnly(Duration.ZERO);
    }

    @Test
    void givesNoTimeAnewWhenToldAgain() {
        stop.tell();
        pass(Duration.ofSeconds(20));
        stop.tell();

        assertThat(stop.left()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void waitsNoLongerForOneThatHadItsTime() throws Exception {
        stop.tell();
        pass(PATIENCE.plusSeconds(1));

        assertThat(stop.await()).isFalse();
        assertThat(stop.hasStopped()).isFalse();
    }

    @Test
    void seesThatALaneHasStoppedHoweverLate() throws Exception {
        stop.tell();
        pass(PATIENCE.plusSeconds(1));
        stop.stopped();

        assertThat(stop.await()).isTrue();
        assertThat(stop.hasStopped()).isTrue();
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }
}
