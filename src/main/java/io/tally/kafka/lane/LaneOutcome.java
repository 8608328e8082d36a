package io.tally.kafka.lane;

import io.tally.kafka.member.AccessPatience;
import io.tally.kafka.member.LaneHealth;
import io.tally.kafka.member.LanePartitions;
import io.tally.kafka.transaction.ConfirmingTransactionManager;
import io.tally.kafka.transaction.RowLimit;
import io.tally.pipeline.status.PipelineEvents;
import io.tally.pipeline.status.TransactionSize;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The end of a lane's transactions, whoever ends them: which offsets they commit, whether they may be committed, and
 * what follows from it.
 */
final class LaneOutcome implements ConfirmingTransactionManager.Outcome {
    private final LaneId lane;
    private final LanePartitions partitions;
    private final Doubt doubt;
    private final RowLimit rows;
    private final LaneHealth health;
    private final PipelineEvents events;
    private final Traces traces;
    private final AccessPatience access;
    /** A batch that has been folded, while the container has yet to send its offsets. */
    private @Nullable Batch withoutOffsets;

    LaneOutcome(
            LaneId lane,
            LanePartitions partitions,
            Doubt doubt,
            RowLimit rows,
            LaneHealth health,
            PipelineEvents events,
            Traces traces) {
        this.lane = lane;
        this.partitions = partitions;
        this.doubt = doubt;
        this.rows = rows;
        this.health = health;
        this.events = events;
        this.traces = traces;
        access = AccessPatience.of(lane.pipeline());
    }

    /** How long transactions may fail for want of a permission or a topic. */
    AccessPatience access() {
        return access;
    }

    /** The container's transaction has a batch, whose offsets are to be sent before the commit. */
    void awaitOffsets(Batch batch) {
        withoutOffsets = batch;
    }

    /** The container's transaction has no batch yet, or has failed. */
    void abandon() {
        withoutOffsets = null;
    }

    /**
     * The offsets of the running transaction with their metadata.
     *
     * @param proposed what is to be committed, as far as the caller knows
     */
    Map<TopicPartition, OffsetAndMetadata> offsets(Map<TopicPartition, OffsetAndMetadata> proposed) {
        Batch batch = withoutOffsets;
        withoutOffsets = null;
        return partitions.offsets(batch == null ? proposed.keySet() : batch.expected(proposed.keySet()));
    }

    /**
     * The container goes on to commit without the offsets if its thread is interrupted.
     *
     * @throws IllegalStateException if records were folded whose offsets nobody has sent
     */
    @Override
    public void committing() {
        // With an interrupt the transaction could be neither committed nor aborted.
        Interrupts.drop(lane);
        Batch batch = withoutOffsets;
        withoutOffsets = null;
        if (batch != null && !batch.partitions().isEmpty()) {
            throw new IllegalStateException(lane + " was about to commit without the offsets of its records");
        }
    }

    @Override
    public void confirmed(long commitNanos) {
        doubt.confirmed();
        rows.reset();
        health.committed();
        access.granted();
        TransactionSize size = partitions.confirm();
        Duration age = doubt.age();
        events.transaction(lane.pipelineName(), lane.number(), size, age, Duration.ofNanos(commitNanos));
        traces.committed(size, age);
    }

    @Override
    public void failed(RuntimeException cause) {
        doubt.failed(cause);
    }
}
