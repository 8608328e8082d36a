package io.tally.kafka;

import io.tally.pipeline.CommitPoint;
import io.tally.pipeline.PartitionPhase;
import io.tally.pipeline.PartitionProcessor;
import io.tally.pipeline.PartitionSnapshot;
import io.tally.pipeline.PartitionStatus;
import io.tally.pipeline.Refusal;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * A source partition assigned to a lane.
 *
 * <p>The consumer thread owns it: only that thread changes the phase and touches the processor. Two things cross
 * threads: a restore hands over its outcome through its {@link #handover}, and anybody may read {@link #status}.
 */
final class OwnedPartition {
    /** How a restore ended: one of the two is set. */
    record Restored(
            @Nullable PartitionProcessor processor,
            @Nullable Refusal refusal) {}

    private final TopicPartition id;
    /** Where the restore of the present memory puts its outcome. */
    private AtomicReference<@Nullable Restored> restored = new AtomicReference<>();

    private volatile PartitionPhase phase = PartitionPhase.RESTORING;
    private volatile @Nullable Refusal refusal;
    private volatile @Nullable String progress;
    private volatile @Nullable PartitionSnapshot committed;
    private volatile boolean released;
    private @Nullable PartitionProcessor processor;
    private @Nullable CommitPoint pending;

    OwnedPartition(TopicPartition id) {
        this.id = id;
    }

    TopicPartition id() {
        return id;
    }

    int number() {
        return id.partition();
    }

    PartitionPhase phase() {
        return phase;
    }

    boolean isActive() {
        return phase == PartitionPhase.ACTIVE;
    }

    /** The processor; only while active. */
    PartitionProcessor processor() {
        if (processor == null) {
            throw new IllegalStateException(id + " is " + phase + " and must not be processed");
        }
        return processor;
    }

    /** Drops the memory: the partition must be restored before it goes on. A refused partition stays refused. */
    void forget() {
        restored = new AtomicReference<>();
        processor = null;
        pending = null;
        committed = null;
        if (phase != PartitionPhase.REFUSED) {
            phase = PartitionPhase.RESTORING;
        }
    }

    void refuse(Refusal why) {
        restored = new AtomicReference<>();
        processor = null;
        pending = null;
        committed = null;
        progress = null;
        refusal = why;
        phase = PartitionPhase.REFUSED;
    }

    /**
     * For a restore that begins now: takes its outcome, from the restore thread. Once the memory is dropped again, the
     * outcome is ignored: it may be of before the transaction for which the memory was dropped, and a second restore is
     * under way.
     */
    Consumer<Restored> handover() {
        return restored::set;
    }

    /** It is not ours any more: a restore that is under way is of no use. */
    void release() {
        released = true;
    }

    boolean isReleased() {
        return released;
    }

    void progress(@Nullable String text) {
        progress = text;
    }

    /** The outcome of a restore that has ended, once. */
    @Nullable
    Restored takeRestored() {
        return restored.get() == null ? null : restored.getAndSet(null);
    }

    void activate(PartitionProcessor restoredProcessor) {
        processor = restoredProcessor;
        progress = null;
        committed = restoredProcessor.snapshot(restoredProcessor.position());
        phase = PartitionPhase.ACTIVE;
    }

    /** What the running transaction commits for this partition. */
    void pending(CommitPoint point) {
        pending = point;
    }

    @Nullable
    CommitPoint pending() {
        return pending;
    }

    /** The numbers of the last commit. */
    @Nullable
    PartitionSnapshot committed() {
        return committed;
    }

    /** The running transaction is committed; gives the new numbers if it was about this partition. */
    @Nullable
    PartitionSnapshot confirm() {
        CommitPoint point = pending;
        if (point == null) {
            return null;
        }
        pending = null;
        PartitionSnapshot snapshot = processor().snapshot(point);
        committed = snapshot;
        return snapshot;
    }

    PartitionStatus status() {
        return new PartitionStatus(number(), phase, refusal, progress, committed);
    }
}
