package io.tally.observe;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.tally.checkpoint.Ledger;
import io.tally.pipeline.status.PartitionSnapshot;
import io.tally.pipeline.status.PipelineEvents;
import io.tally.pipeline.status.Refusal;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts what happens. The meters of a partition exist while this instance owns it, so that none is left behind when
 * the partition moves to another instance. Those of a pipeline and of its lanes exist as long as the process.
 */
final class MicrometerEvents implements PipelineEvents {
    private record PartitionId(String pipeline, int partition) {}

    private record LaneId(String pipeline, int lane) {}

    private final MeterRegistry registry;
    private final Map<PartitionId, PartitionMeters> partitions = new ConcurrentHashMap<>();
    private final Map<LaneId, LaneMeters> lanes = new ConcurrentHashMap<>();

    MicrometerEvents(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void committed(
            String pipeline, int partition, Ledger delta, long results, long stateRecords, PartitionSnapshot snapshot) {
        partition(pipeline, partition).committed(delta, results, stateRecords, snapshot);
    }

    private PartitionMeters partition(String pipeline, int partition) {
        return partitions.computeIfAbsent(
                new PartitionId(pipeline, partition), id -> new PartitionMeters(registry, pipeline, partition));
    }

    @Override
    public void deadLettered(String pipeline, int partition, String reason, long count) {
        partition(pipeline, partition).deadLettered(reason, count);
    }

    @Override
    public void transaction(String pipeline, int lane, Duration duration, Duration commit) {
        LaneMeters meters = lane(pipeline, lane);
        meters.transaction.record(duration);
        meters.commit.record(commit);
    }

    @Override
    public void aborted(String pipeline, int lane, Throwable cause) {
        lane(pipeline, lane).aborts.increment();
    }

    @Override
    public void restored(String pipeline, int partition, Duration duration, long entries, long replayed) {
        Timer.builder(MeterNames.RESTORE)
                .description("Time to restore a partition")
                .tag(MeterNames.PIPELINE, pipeline)
                .register(registry)
                .record(duration);
        registry.counter(MeterNames.RESTORED_ENTRIES, MeterNames.PIPELINE, pipeline)
                .increment(entries);
        registry.counter(MeterNames.REPLAYED_RECORDS, MeterNames.PIPELINE, pipeline)
                .increment(replayed);
    }

    @Override
    public void refused(String pipeline, int partition, Refusal refusal) {
        registry.counter(MeterNames.REFUSALS, MeterNames.PIPELINE, pipeline).increment();
    }

    @Override
    public void predecessorFenced(String pipeline, int lane, String transactionalId) {
        lane(pipeline, lane).fencedPredecessors.increment();
    }

    @Override
    public void released(String pipeline, int partition) {
        PartitionMeters meters = partitions.remove(new PartitionId(pipeline, partition));
        if (meters != null) {
            meters.remove();
        }
    }

    private LaneMeters lane(String pipeline, int lane) {
        return lanes.computeIfAbsent(new LaneId(pipeline, lane), id -> new LaneMeters(registry, pipeline, lane));
    }
}
