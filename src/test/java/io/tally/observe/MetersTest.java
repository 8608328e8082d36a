package io.tally.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tally.checkpoint.Ledger;
import io.tally.pipeline.status.PipelineEvents;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MetersTest {
    private final MockClock clock = new MockClock();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry(SimpleConfig.DEFAULT, clock);
    private final PipelineEvents events = new MicrometerEvents(registry);

    @Test
    void countEveryRecordInItsClass() {
        events.committed("visits", 3, new Ledger(10, 2, 1, 4, 7), 6, 8, Views.snapshot(100, 0));
        events.committed("visits", 3, new Ledger(5, 0, 0, 1), 1, 0, Views.snapshot(110, 0));

        assertThat(records("counted")).isEqualTo(15);
        assertThat(records("late")).isEqualTo(2);
        assertThat(records("dead-letter")).isEqualTo(1);
        assertThat(records("filtered")).isEqualTo(5);
        assertThat(registry.get("tally.values.missing").counter().count()).isEqualTo(7);
        assertThat(registry.get("tally.results").tag("partition", "3").counter().count())
                .isEqualTo(7);
        assertThat(registry.get("tally.state.records").counter().count()).isEqualTo(8);
    }

    @Test
    void showTheLastCommit() {
        clock.add(12 - clock.wallTime() / 1000, TimeUnit.SECONDS);
        events.committed("visits", 3, Ledger.EMPTY, 0, 0, Views.snapshot(90, 1_000));
        events.committed("visits", 3, Ledger.EMPTY, 0, 0, Views.snapshot(100, clock.wallTime() - 2_500));

        assertThat(registry.get("tally.watermark.delay").gauge().value()).isEqualTo(2.5);
        assertThat(registry.get("tally.windows.open").gauge().value()).isEqualTo(2);
        assertThat(registry.get("tally.entries.open").gauge().value()).isEqualTo(40);
        assertThat(registry.get("tally.replay.distance").gauge().value()).isEqualTo(30);
    }

    @Test
    void showHowFarTheWatermarkHasYetToGo() {
        events.committed("visits", 3, Ledger.EMPTY, 0, 0, Views.snapshot(90, 1_000));
        assertThat(registry.get("tally.watermark.pending").gauge().value()).isZero();

        events.committed("visits", 3, Ledger.EMPTY, 0, 0, Views.closing(90, 1_000, 8_500, 0));
        assertThat(registry.get("tally.watermark.pending").gauge().value()).isEqualTo(7.5);
    }

    @Test
    void knowNoDelayBeforeTheFirstRecord() {
        events.committed("visits", 3, Ledger.EMPTY, 0, 0, Views.snapshot(10, Long.MIN_VALUE));

        assertThat(registry.get("tally.watermark.delay").gauge().value()).isNaN();
    }

    @Test
    void ofAPartitionGoWithIt() {
        events.committed("visits", 3, new Ledger(1, 0, 0, 0), 1, 1, Views.snapshot(10, 0));
        events.committed("visits", 4, new Ledger(1, 0, 0, 0), 1, 1, Views.snapshot(10, 0));

        events.released("visits", 3);
        events.released("visits", 3);
        events.released("other", 4);

        List<String> left = registry.getMeters().stream()
                .map(Meter::getId)
                .map(id -> String.valueOf(id.getTag("partition")))
                .distinct()
                .toList();
        assertThat(left).containsExactly("4");

        events.committed("visits", 3, new Ledger(1, 0, 0, 0), 0, 0, Views.snapshot(10, 0));
        assertThat(records("counted")).as("begins anew").isEqualTo(1);
    }

    @Test
    void tellDeadLettersByReason() {
        events.deadLettered("visits", 3, "KEY_MISMATCH", 2);
        events.deadLettered("visits", 3, "KEY_MISMATCH", 3);
        events.deadLettered("visits", 3, "MALFORMED", 1);
        assertThat(registry.get("tally.dead.letters")
                        .tag("partition", "3")
                        .tag("reason", "KEY_MISMATCH")
                        .counter()
                        .count())
                .isEqualTo(5);
        events.released("visits", 3);
        assertThat(registry.find("tally.dead.letters").counters()).isEmpty();
    }

    @Test
    void timeAndCountTransactions() {
        events.transaction("visits", 1, Duration.ofMillis(30), Duration.ofMillis(10));
        events.aborted("visits", 1, new IllegalStateException());
        events.predecessorFenced("visits", 1, "somebody");
        events.restored("visits", 3, Duration.ofMillis(500), 20, 300);
        events.refused("visits", 3, Views.REFUSAL);

        assertThat(registry.get("tally.transaction").tag("lane", "1").timer().totalTime(TimeUnit.MILLISECONDS))
                .isEqualTo(30);
        assertThat(registry.get("tally.commit").timer().totalTime(TimeUnit.MILLISECONDS))
                .isEqualTo(10);
        assertThat(registry.get("tally.aborts").counter().count()).isEqualTo(1);
        assertThat(registry.get("tally.predecessors.fenced").counter().count()).isEqualTo(1);
        assertThat(registry.get("tally.restore").timer().count()).isEqualTo(1);
        assertThat(registry.get("tally.restore.entries").counter().count()).isEqualTo(20);
        assertThat(registry.get("tally.restore.replayed").counter().count()).isEqualTo(300);
        assertThat(registry.get("tally.refusals").counter().count()).isEqualTo(1);
    }

    @Test
    void showPartitionsByPhase() {
        new PartitionPhaseMeters(
                        () -> List.of(Views.pipeline(Views.lane(Views.active(0), Views.active(1), Views.refused(2)))))
                .bindTo(registry);

        assertThat(phase("active")).isEqualTo(2);
        assertThat(phase("refused")).isEqualTo(1);
        assertThat(phase("restoring")).isZero();
    }

    private double phase(String phase) {
        return registry.get("tally.partitions").tag("phase", phase).gauge().value();
    }

    private double records(String kind) {
        return registry.get("tally.records")
                .tag("partition", "3")
                .tag("class", kind)
                .counter()
                .count();
    }
}
