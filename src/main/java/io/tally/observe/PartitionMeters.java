package io.tally.observe;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.tally.checkpoint.Ledger;
import io.tally.pipeline.status.PartitionSnapshot;
import io.tally.pipeline.status.PartitionStatus;
import io.tally.pipeline.status.SlowestSource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The meters of one source partition. Counters are written by its lane. Gauges show its status; times are NaN where
 * that does not say, as while it is restored.
 */
final class PartitionMeters {
    private final MeterRegistry registry;
    private final LatestStatuses statuses;
    private final String pipeline;
    private final int partition;
    private final Tags tags;
    private final List<Meter> meters = new ArrayList<>();
    private final Counter counted;
    private final Counter late;
    private final Counter deadLettered;
    private final Counter filtered;
    private final Counter missing;
    private final Counter results;
    private final Counter stateRecords;
    private final Map<String, Counter> byReason = new HashMap<>();

    PartitionMeters(MeterRegistry registry, LatestStatuses statuses, String pipeline, int partition) {
        this.registry = registry;
        this.statuses = statuses;
        this.pipeline = pipeline;
        this.partition = partition;
        tags = Tags.of(MeterNames.PIPELINE, pipeline, MeterNames.PARTITION, Integer.toString(partition));
        counted = records("counted");
        late = records("late");
        deadLettered = records("dead-letter");
        filtered = records("filtered");
        missing = counter(MeterNames.MISSING_VALUES, "Values that counted records do not have", tags);
        results = counter(MeterNames.RESULTS, "Rows sent to the sink", tags);
        stateRecords = counter(MeterNames.STATE_RECORDS, "Records sent to the state topic, tombstones included", tags);
        times(registry.config().clock());
        // 0 while it is restored: NaN would make the sum over all partitions NaN.
        committed(MeterNames.OPEN_WINDOWS, null, "Open windows", 0, PartitionSnapshot::openWindows);
        committed(MeterNames.OPEN_ENTRIES, null, "Open (window, key) entries", 0, PartitionSnapshot::openEntries);
        committed(MeterNames.OPEN_BYTES, "bytes", "Heap that open windows take", 0, PartitionSnapshot::openBytes);
        committed(
                MeterNames.REPLAY_DISTANCE,
                "records",
                "Offsets that a recovery would read again",
                Double.NaN,
                snapshot -> snapshot.offset() - snapshot.metadata().recoveryOffset());
    }

    private void times(Clock clock) {
        gauge(
                MeterNames.TIME_LAG,
                "seconds",
                "How long ago the moment is up to which all that the source got is counted",
                status -> secondsSince(status.countedUpTo(), clock));
        committed(
                MeterNames.WATERMARK_DELAY,
                "seconds",
                "How far the watermark is behind the clock",
                Double.NaN,
                snapshot -> {
                    long watermark = snapshot.metadata().watermark();
                    return watermark == Long.MIN_VALUE ? Double.NaN : (clock.wallTime() - watermark) / 1000.0;
                });
        gauge(
                MeterNames.WATERMARK_UNCHANGED,
                "seconds",
                "For how long the watermark has not moved",
                status -> secondsSince(status.watermarkSince(), clock));
        gauge(
                MeterNames.WATERMARK_SOURCE,
                null,
                "Number of the source partition that the watermark waits for",
                PartitionMeters::waitsFor);
        committed(
                MeterNames.WATERMARK_PENDING,
                "seconds",
                "How far the watermark has yet to go while rows leave in several transactions",
                0,
                PartitionMeters::pending);
    }

    private static double secondsSince(@Nullable Instant moment, Clock clock) {
        return moment == null ? Double.NaN : Math.max(0, clock.wallTime() - moment.toEpochMilli()) / 1000.0;
    }

    private static double waitsFor(PartitionStatus status) {
        PartitionSnapshot committed = status.committed();
        if (committed == null || !committed.isMerge()) {
            return status.partition();
        }
        SlowestSource slowest = committed.slowestSource();
        return slowest == null ? Double.NaN : slowest.partition();
    }

    private static double pending(PartitionSnapshot snapshot) {
        Long target = snapshot.target();
        return target == null ? 0 : (target - snapshot.metadata().watermark()) / 1000.0;
    }

    private Counter records(String kind) {
        return counter(MeterNames.RECORDS, "Source records by class", tags.and(MeterNames.CLASS, kind));
    }

    private Counter counter(String name, String description, Tags all) {
        Counter counter =
                Counter.builder(name).description(description).tags(all).register(registry);
        meters.add(counter);
        return counter;
    }

    private void committed(
            String name,
            @Nullable String unit,
            String description,
            double whileRestoring,
            ToDoubleFunction<PartitionSnapshot> value) {
        gauge(name, unit, description, status -> {
            PartitionSnapshot snapshot = status.committed();
            return snapshot == null ? whileRestoring : value.applyAsDouble(snapshot);
        });
    }

    private void gauge(
            String name, @Nullable String unit, String description, ToDoubleFunction<PartitionStatus> value) {
        meters.add(Gauge.builder(name, this, of -> {
                    PartitionStatus status = of.statuses.partition(of.pipeline, of.partition);
                    return status == null ? Double.NaN : value.applyAsDouble(status);
                })
                .baseUnit(unit)
                .description(description)
                .tags(tags)
                .register(registry));
    }

    void committed(Ledger delta, long rows, long stateEntries) {
        counted.increment(delta.folded());
        late.increment(delta.late());
        deadLettered.increment(delta.deadLettered());
        filtered.increment(delta.filtered());
        missing.increment(delta.missing());
        results.increment(rows);
        stateRecords.increment(stateEntries);
    }

    void deadLettered(String reason, long count) {
        byReason.computeIfAbsent(
                        reason,
                        name -> counter(
                                MeterNames.DEAD_LETTERS, "Dead letters by reason", tags.and(MeterNames.REASON, name)))
                .increment(count);
    }

    void remove() {
        meters.forEach(registry::remove);
    }
}
