package io.tally.observe;

import io.tally.pipeline.status.LaneStatus;
import io.tally.pipeline.status.PartitionStatus;
import io.tally.pipeline.status.PipelineStatus;
import io.tally.pipeline.status.Pipelines;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One look at the pipelines for all gauges of a scrape: with 200 partitions there are some thousand gauges, and each
 * look goes through all partitions. Read by any thread.
 */
final class LatestStatuses {
    private static final Duration FRESH = Duration.ofMillis(250);

    private record Id(String pipeline, int partition) {}

    private record Look(long nanos, List<PipelineStatus> pipelines, Map<Id, PartitionStatus> partitions) {}

    private final Supplier<Pipelines> pipelines;
    private final LongSupplier nanos;
    private @Nullable Look last;

    /**
     * @param pipelines called when something is first read, since the pipelines themselves need the meters
     * @param nanos a steady clock
     */
    LatestStatuses(Supplier<Pipelines> pipelines, LongSupplier nanos) {
        this.pipelines = pipelines;
        this.nanos = nanos;
    }

    /** A pipeline; null if there is none of that name. */
    @Nullable
    PipelineStatus pipeline(String name) {
        for (PipelineStatus pipeline : look().pipelines) {
            if (pipeline.name().equals(name)) {
                return pipeline;
            }
        }
        return null;
    }

    /** A partition; null while this instance does not own it. */
    @Nullable
    PartitionStatus partition(String pipeline, int partition) {
        return look().partitions.get(new Id(pipeline, partition));
    }

    private synchronized Look look() {
        long now = nanos.getAsLong();
        Look known = last;
        if (known != null && now - known.nanos < FRESH.toNanos()) {
            return known;
        }
        List<PipelineStatus> statuses = pipelines.get().statuses();
        Map<Id, PartitionStatus> partitions = new HashMap<>();
        for (PipelineStatus pipeline : statuses) {
            for (LaneStatus lane : pipeline.lanes()) {
                for (PartitionStatus partition : lane.partitions()) {
                    partitions.put(new Id(pipeline.name(), partition.partition()), partition);
                }
            }
        }
        Look fresh = new Look(now, statuses, partitions);
        last = fresh;
        return fresh;
    }
}
