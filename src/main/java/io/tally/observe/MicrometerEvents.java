package io.tally.observe;

import io.micrometer.core.instrument.MeterRegistry;
import io.tally.checkpoint.Ledger;
import io.tally.pipeline.status.PartitionSnapshot;
import io.tally.pipeline.status.PipelineEvents;
import io.tally.pipeline.status.Refusal;
import io.tally.pipeline.status.TransactionSize;
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
    private final Map<String, RestoreMeters> restores = new ConcurrentHashMap<>();
    private final LatestStatuses statuses;

    /** @param statuses what gauges show */
    MicrometerEvents(MeterRegistry registry, LatestStatuses statuses) {
        this.registry = registry;
        this.statuses = statuses;
    }

    @Override
    public void committed(
            String pipeline, int partition, Ledger delta, long results, long stateRecords, PartitionSnapshot snapshot) {
        partition(pipeline, partition).committed(delta, results, stateRecords);
    }

    private PartitionMeters partition(String pipeline, int partition) {
        return partitions.computeIfAbsent(
                new PartitionId(pipeline, partition),
                id -> new PartitionMeters(registry, statuses, pipeline, partition));
    }

    @Override
    public void deadLettered(String pipeline, int partition, String reason, long count) {
        partition(pipeline, partition).deadLettered(reason, count);
    }

    @Override
    public void transaction(String pipeline, int lane, TransactionSize size, Duration duration, Duration commit) {
        lane(pipeline, lane).committed(size, duration, commit);
    }

    @Override
    public void aborted(String pipeline, int lane, boolean byFencing, Throwable cause) {
        lane(pipeline, lane).aborted(byFencing);
    }

    @Override
    public void restored(String pipeline, int partition, Duration duration, long entries, long replayed) {
        restores(pipeline).restored(duration, entries, replayed);
    }

    /** A silent partition, too, has a watermark and a lag. */
    @Override
    public void activated(String pipeline, int partition) {
        partition(pipeline, partition);
    }

    @Override
    public void refused(String pipeline, int partition, Refusal refusal) {
        restores(pipeline).refused();
    }

    @Override
    public void predecessorFenced(String pipeline, int lane, String transactionalId) {
        lane(pipeline, lane).predecessorFenced();
    }

    @Override
    public void released(String pipeline, int partition) {
        PartitionMeters meters = partitions.remove(new PartitionId(pipeline, partition));
        if (meters != null) {
            meters.remove();
        }
    }

    private RestoreMeters restores(String pipeline) {
        return restores.computeIfAbsent(pipeline, name -> new RestoreMeters(registry, name));
    }

    private LaneMeters lane(String pipeline, int lane) {
        return lanes.computeIfAbsent(new LaneId(pipeline, lane), id -> new LaneMeters(registry, pipeline, lane));
    }
}
