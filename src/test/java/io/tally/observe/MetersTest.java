package io.tally.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tally.checkpoint.Ledger;
import io.tally.pipeline.status.PartitionStatus;
import io.tally.pipeline.status.PipelineEvents;
import io.tally.pipeline.status.PipelineStatus;
import io.tally.pipeline.status.SlowestSource;
import io.tally.pipeline.status.TransactionSize;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MetersTest {
    private final MockClock clock = new MockClock();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry(SimpleConfig.DEFAULT, clock);
    private List<PipelineStatus> pipelines = List.of(Views.pipeline());
    /** Each look is a fresh one. */
    private long nanos;

    private final LatestStatuses statuses = new LatestStatuses(
            () -> () -> pipelines, () -> nanos += Duration.ofSeconds(1).toNanos());
    private final PipelineEvents events = new MicrometerEvents(registry, statuses);

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
        events.activated("visits", 3);
        shown(Views.active(3, Views.snapshot(100, clock.wallTime() - 2_500)));

        assertThat(registry.get("tally.watermark.delay").gauge().value()).isEqualTo(2.5);
        assertThat(registry.get("tally.windows.open").gauge().value()).isEqualTo(2);
        assertThat(registry.get("tally.entries.open").gauge().value()).isEqualTo(40);
        assertThat(registry.get("tally.replay.distance").gauge().value()).isEqualTo(30);
    }

    @Test
    void showHowFarTheWatermarkHasYetToGo() {
        events.activated("visits", 3);
        shown(Views.active(3, Views.snapshot(90, 1_000)));
        assertThat(registry.get("tally.watermark.pending").gauge().value()).isZero();

        shown(Views.active(3, Views.closing(90, 1_000, 8_500, 0)));
        assertThat(registry.get("tally.watermark.pending").gauge().value()).isEqualTo(7.5);
    }

    @Test
    void knowNoDelayBeforeTheFirstRecord() {
        events.activated("visits", 3);
        shown(Views.active(3, Views.snapshot(10, Long.MIN_VALUE)));

        assertThat(registry.get("tally.watermark.delay").gauge().value()).isNaN();
    }

    @Test
    void showLagAndStandstillInTimeOfTheClock() {
        clock.add(Views.NOW.toEpochMilli() + 1_500 - clock.wallTime(), TimeUnit.MILLISECONDS);
        events.activated("visits", 3);
        events.activated("visits", 4);
        shown(Views.active(3), Views.restoring(4));

        assertThat(gauge("tally.time.lag", "3")).isEqualTo(1.5);
        assertThat(gauge("tally.watermark.unchanged", "3")).isEqualTo(1.5);
        assertThat(gauge("tally.entries.open", "4")).as("can be summed up").isZero();
        assertThat(gauge("tally.time.lag", "4")).isNaN();
        assertThat(gauge("tally.watermark.unchanged", "4")).isNaN();
    }

    @Test
    void tellWhichSourcePartitionTheWatermarkWaitsFor() {
        events.activated("visits", 3);
        shown(Views.active(3));
        assertThat(gauge("tally.watermark.source", "3")).isEqualTo(3);

        shown(Views.merging(3, new SlowestSource(17, null, null, null)));
        assertThat(gauge("tally.watermark.source", "3")).isEqualTo(17);
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
        events.transaction("visits", 1, new TransactionSize(9, 4, 700), Duration.ofMillis(30), Duration.ofMillis(10));
        events.transaction("visits", 1, new TransactionSize(1, 2, 50), Duration.ZERO, Duration.ZERO);
        events.aborted("visits", 1, false, new IllegalStateException());
        events.aborted("visits", 1, true, new IllegalStateException());
        events.aborted("visits", 1, true, new IllegalStateException());
        events.predecessorFenced("visits", 1, "somebody");
        events.restored("visits", 3, Duration.ofMillis(500), 20, 300);
        events.refused("visits", 3, Views.REFUSAL);

        assertThat(registry.get("tally.transaction").tag("lane", "1").timer().totalTime(TimeUnit.MILLISECONDS))
                .isEqualTo(30);
        assertThat(registry.get("tally.commit").timer().totalTime(TimeUnit.MILLISECONDS))
                .isEqualTo(10);
        assertThat(transactions("committed")).isEqualTo(2);
        assertThat(transactions("failed")).isEqualTo(1);
        assertThat(transactions("fenced")).isEqualTo(2);
        assertThat(registry.get("tally.transaction.rows").summary().totalAmount())
                .isEqualTo(6);
        assertThat(registry.get("tally.transaction.bytes").summary().max()).isEqualTo(700);
        assertThat(registry.get("tally.predecessors.fenced").counter().count()).isEqualTo(1);
        assertThat(registry.get("tally.restore").timer().count()).isEqualTo(1);
        assertThat(registry.get("tally.restore.entries").counter().count()).isEqualTo(20);
        assertThat(registry.get("tally.restore.replayed").counter().count()).isEqualTo(300);
        assertThat(registry.get("tally.refusals").counter().count()).isEqualTo(1);
    }

    /** Also where nothing else tells: the partitions of a lane that has ended are at work elsewhere. */
    @Test
    void countWhyReadinessIsDown() {
        clock.add(Views.NOW.toEpochMilli() - clock.wallTime(), TimeUnit.MILLISECONDS);
        ofPipelines();
        shown(Views.active(0));
        assertThat(pipeline("tally.problems")).isZero();

        pipelines = List.of(Views.pipeline(
                Views.lane(false, true, "another process runs with the same instance id", Views.NOW),
                Views.lane(Views.refused(1))));
        assertThat(pipeline("tally.problems")).isEqualTo(2);
    }

    @Test
    void showPartitionsByPhase() {
        ofPipelines();
        shown(Views.active(0), Views.active(1), Views.refused(2));

        assertThat(phase("active")).isEqualTo(2);
        assertThat(phase("refused")).isEqualTo(1);
        assertThat(phase("restoring")).isZero();
    }

    /** Else the first one would be no increase. */
    @Test
    void countRefusalsAndRestoresFromTheStart() {
        ofPipelines();

        assertThat(registry.get("tally.refusals").counter().count()).isZero();
        assertThat(registry.get("tally.restore").timer().count()).isZero();
        events.refused("visits", 3, Views.REFUSAL);
        assertThat(registry.get("tally.refusals").counter().count()).isEqualTo(1);
    }

    @Test
    void showHowMuchRestoresHaveYetToRead() {
        ofPipelines();
        shown(Views.active(0), Views.restoring(1), Views.restoring(2, "no answer"));

        assertThat(pipeline("tally.restore.remaining")).isEqualTo(4);
    }

    @Test
    void showTheAgeOfTheOldestTransaction() {
        clock.add(Views.NOW.toEpochMilli() - clock.wallTime(), TimeUnit.MILLISECONDS);
        ofPipelines();
        assertThat(pipeline("tally.transaction.age")).isZero();

        pipelines = List.of(Views.pipeline(
                Views.inTransaction(Views.NOW.minusMillis(300)),
                Views.inTransaction(Views.NOW.minusMillis(700)),
                Views.lane()));
        assertThat(pipeline("tally.transaction.age")).isEqualTo(0.7);
    }

    @Test
    void showWhatOpenWindowsTakeAndMayTake() {
        ofPipelines();
        shown(Views.active(0), Views.active(1));

        assertThat(pipeline("tally.heap.share")).isEqualTo(0.25);
        assertThat(pipeline("tally.entries.limit")).isEqualTo(64_000_000);
        assertThat(pipeline("tally.entries.open.limit")).isEqualTo(1_000);
    }

    @Test
    void tellWhyPartitionsCountHardlyAnything() {
        ofPipelines();
        shown(Views.active(0), Views.uncounted(1, true), Views.uncounted(2, false), Views.uncounted(3, true));

        assertThat(uncounted("not-counted")).isEqualTo(2);
        assertThat(uncounted("filtered")).isEqualTo(1);
    }

    /** All gauges of a scrape are of one look; the next scrape looks again. */
    @Test
    void lookAtThePipelinesOncePerScrape() {
        long[] now = {0};
        int[] looks = {0};
        LatestStatuses latest = new LatestStatuses(
                () -> () -> {
                    looks[0]++;
                    return List.of(Views.pipeline(Views.lane(Views.active(3))));
                },
                () -> now[0]);

        assertThat(latest.partition("visits", 3)).isNotNull();
        assertThat(latest.partition("visits", 4)).isNull();
        assertThat(latest.partition("others", 3)).isNull();
        assertThat(latest.pipeline("visits")).isNotNull();
        assertThat(latest.pipeline("others")).isNull();
        assertThat(looks[0]).isEqualTo(1);
        now[0] += Duration.ofSeconds(1).toNanos();
        latest.pipeline("visits");
        assertThat(looks[0]).isEqualTo(2);
    }

    private void ofPipelines() {
        new PipelineMeters(() -> pipelines, statuses, 24_000).bindTo(registry);
    }

    private void shown(PartitionStatus... partitions) {
        pipelines = List.of(Views.pipeline(Views.lane(partitions)));
    }

    private double gauge(String name, String partition) {
        return registry.get(name).tag("partition", partition).gauge().value();
    }

    private double pipeline(String name) {
        return registry.get(name).tag("pipeline", "visits").gauge().value();
    }

    private double uncounted(String reason) {
        return registry.get("tally.partitions.uncounted")
                .tag("reason", reason)
                .gauge()
                .value();
    }

    private double transactions(String outcome) {
        return registry.get("tally.transactions")
                .tag("outcome", outcome)
                .counter()
                .count();
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
