package io.tally.observe;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.tally.checkpoint.Ledger;
import io.tally.pipeline.status.PartitionSnapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** The meters of one source partition. Written by one lane, read by any thread. */
final class PartitionMeters {
    private final MeterRegistry registry;
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
    private volatile @Nullable PartitionSnapshot latest;

    PartitionMeters(MeterRegistry registry, String pipeline, int partition) {
        this.registry = registry;
        tags = Tags.of(MeterNames.PIPELINE, pipeline, MeterNames.PARTITION, Integer.toString(partition));
        counted = records("counted");
        late = records("late");
        deadLettered = records("dead-letter");
        filtered = records("filtered");
        missing = counter(MeterNames.MISSING_VALUES, "Values that counted records do not have", tags);
        results = counter(MeterNames.RESULTS, "Rows sent to the sink", tags);
        stateRecords = counter(MeterNames.STATE_RECORDS, "Records sent to the state topic, tombstones included", tags);
        Clock clock = registry.config().clock();
        gauge(MeterNames.WATERMARK_DELAY, "seconds", "How far the watermark is behind the clock", snapshot -> {
            long watermark = snapshot.metadata().watermark();
            return watermark == Long.MIN_VALUE ? Double.NaN : (clock.wallTime() - watermark) / 1000.0;
        });
        gauge(
                MeterNames.WATERMARK_PENDING,
                "seconds",
                "How far the watermark has yet to go while rows leave in several transactions",
                PartitionMeters::pending);
        gauge(MeterNames.OPEN_WINDOWS, "windows", "Open windows", PartitionSnapshot::openWindows);
        gauge(MeterNames.OPEN_ENTRIES, "entries", "Open (window, key) entries", PartitionSnapshot::openEntries);
        gauge(MeterNames.OPEN_BYTES, "bytes", "Heap that open windows take", PartitionSnapshot::openBytes);
        gauge(
                MeterNames.MAX_OPEN_BYTES,
                "bytes",
                "Heap that those of all of the pipeline's partitions in this process may take together",
                PartitionSnapshot::maxOpenBytes);
        gauge(
                MeterNames.REPLAY_DISTANCE,
                "records",
                "Offsets that a recovery would read again",
                snapshot -> snapshot.offset() - snapshot.metadata().recoveryOffset());
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

    private void gauge(String name, String unit, String description, ToDoubleFunction<PartitionSnapshot> value) {
        meters.add(Gauge.builder(name, this, meters -> {
                    PartitionSnapshot snapshot = meters.latest;
                    return snapshot == null ? Double.NaN : value.applyAsDouble(snapshot);
                })
                .baseUnit(unit)
                .description(description)
                .tags(tags)
                .register(registry));
    }

    void committed(Ledger delta, long rows, long stateEntries, PartitionSnapshot snapshot) {
        counted.increment(delta.folded());
        late.increment(delta.late());
        deadLettered.increment(delta.deadLettered());
        filtered.increment(delta.filtered());
        missing.increment(delta.missing());
        results.increment(rows);
        stateRecords.increment(stateEntries);
        latest = snapshot;
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
