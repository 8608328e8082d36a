package io.tally.observe;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.tally.pipeline.status.HealthRules;
import io.tally.pipeline.status.LaneStatus;
import io.tally.pipeline.status.PartitionPhase;
import io.tally.pipeline.status.PartitionSnapshot;
import io.tally.pipeline.status.PartitionStatus;
import io.tally.pipeline.status.PipelineStatus;
import io.tally.pipeline.status.Pipelines;
import io.tally.pipeline.status.RestoreProgress;
import io.tally.pipeline.status.Uncounted;
import java.time.Instant;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The gauges of each pipeline as a whole, in this instance. They exist from the start, whether or not it owns a
 * partition.
 */
final class PipelineMeters implements MeterBinder {
    private final Pipelines pipelines;
    private final LatestStatuses statuses;
    private final long maxHeap;

    /** @param maxHeap bytes that the heap of this process may take at most */
    PipelineMeters(Pipelines pipelines, LatestStatuses statuses, long maxHeap) {
        this.pipelines = pipelines;
        this.statuses = statuses;
        this.maxHeap = maxHeap;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (PipelineStatus pipeline : pipelines.statuses()) {
            bindTo(registry, pipeline);
        }
    }

    private void bindTo(MeterRegistry registry, PipelineStatus pipeline) {
        // These count, and a count that begins with its first event hides that event from a rate.
        new RestoreMeters(registry, pipeline.name());
        Gauges gauges = new Gauges(registry, statuses, pipeline.name());
        Clock clock = registry.config().clock();
        gauges.add(
                MeterNames.PROBLEMS,
                null,
                "Reasons for which readiness is down, 0 if it is not",
                Tags.empty(),
                status -> HealthRules.problems(status, Instant.ofEpochMilli(clock.wallTime()))
                        .size());
        for (PartitionPhase phase : PartitionPhase.values()) {
            gauges.add(
                    MeterNames.PARTITIONS,
                    null,
                    "Partitions that this instance owns, by phase",
                    Tags.of(MeterNames.PHASE, phase.name().toLowerCase(Locale.ROOT)),
                    status -> partitions(status)
                            .filter(partition -> partition.phase() == phase)
                            .count());
        }
        uncounted(gauges, "not-counted", true);
        uncounted(gauges, "filtered", false);
        gauges.add(
                MeterNames.TRANSACTION_AGE,
                "seconds",
                "Age of the oldest transaction that runs, 0 if none does",
                Tags.empty(),
                status -> transactionAge(status, clock));
        gauges.add(
                MeterNames.RESTORE_REMAINING,
                "records",
                "Offsets that the restores that are under way have yet to read",
                Tags.empty(),
                status -> sum(status, PipelineMeters::remaining));
        if (pipeline.maxOpenEntries() != Long.MAX_VALUE) {
            gauges.add(
                    MeterNames.MAX_OPEN_ENTRIES,
                    null,
                    "Open entries that a partition may have",
                    Tags.empty(),
                    PipelineStatus::maxOpenEntries);
        }
        gauges.add(
                MeterNames.MAX_OPEN_BYTES,
                "bytes",
                "Heap that the open windows of all partitions may take together",
                Tags.empty(),
                status -> snapshots(status)
                        .mapToDouble(PartitionSnapshot::maxOpenBytes)
                        .findAny()
                        .orElse(Double.NaN));
        gauges.add(
                MeterNames.HEAP_SHARE,
                "ratio",
                "Share of the heap of this process that the open windows take",
                Tags.empty(),
                status -> snapshots(status)
                                .mapToLong(PartitionSnapshot::openBytes)
                                .sum()
                        / (double) maxHeap);
    }

    private static void uncounted(Gauges gauges, String reason, boolean isSevere) {
        gauges.add(
                MeterNames.UNCOUNTED,
                null,
                "Partitions of whose latest records hardly any is counted",
                Tags.of(MeterNames.REASON, reason),
                status -> sum(status, partition -> {
                    Uncounted uncounted = partition.uncounted();
                    return uncounted != null && uncounted.isSevere() == isSevere ? 1 : 0;
                }));
    }

    /** The gauges of one pipeline. */
    private record Gauges(MeterRegistry registry, LatestStatuses statuses, String pipeline) {
        void add(
                String name,
                @Nullable String unit,
                String description,
                Tags more,
                ToDoubleFunction<PipelineStatus> value) {
            Gauge.builder(name, statuses, latest -> {
                        PipelineStatus status = latest.pipeline(pipeline);
                        return status == null ? Double.NaN : value.applyAsDouble(status);
                    })
                    .baseUnit(unit)
                    .description(description)
                    .tags(Tags.of(MeterNames.PIPELINE, pipeline).and(more))
                    .register(registry);
        }
    }

    private static double transactionAge(PipelineStatus status, Clock clock) {
        long now = clock.wallTime();
        long oldest = now;
        for (LaneStatus lane : status.lanes()) {
            Instant since = lane.transactionSince();
            oldest = since == null ? oldest : Math.min(oldest, since.toEpochMilli());
        }
        return (now - oldest) / 1000.0;
    }

    private static long remaining(PartitionStatus partition) {
        RestoreProgress restore = partition.restore();
        return restore == null || partition.phase() != PartitionPhase.RESTORING ? 0 : restore.remaining();
    }

    private static double sum(PipelineStatus status, ToLongFunction<PartitionStatus> value) {
        return partitions(status).mapToLong(value).sum();
    }

    private static Stream<PartitionStatus> partitions(PipelineStatus status) {
        return status.lanes().stream().flatMap(lane -> lane.partitions().stream());
    }

    private static Stream<PartitionSnapshot> snapshots(PipelineStatus status) {
        return partitions(status).flatMap(partition -> Stream.ofNullable(partition.committed()));
    }
}
