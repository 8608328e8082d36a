package io.tally.kafka.member;

import io.tally.checkpoint.Ledger;
import io.tally.kafka.transaction.Losses;
import io.tally.kafka.transaction.TransactionalOutbox;
import io.tally.pipeline.CommitPoint;
import io.tally.pipeline.partition.PartitionProcessor;
import io.tally.pipeline.status.OpenWindows;
import io.tally.pipeline.status.PartitionPhase;
import io.tally.pipeline.status.PartitionSnapshot;
import io.tally.pipeline.status.PartitionStatus;
import io.tally.pipeline.status.Refusal;
import io.tally.pipeline.status.RestoreProgress;
import io.tally.pipeline.status.Uncounted;
import io.tally.plan.UncountedRule;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * A source partition assigned to a lane.
 *
 * <p>The consumer thread owns it: only that thread changes the phase and touches the processor. Two things cross
 * threads: a restore hands over its outcome through {@link #offer}, and anybody may read {@link #status}.
 */
public final class OwnedPartition {
    /** How many windows of a partition are shown one by one. */
    private static final int MOST_OPEN = 24;

    private static final OffsetAndMetadata NOWHERE = new OffsetAndMetadata(0);

    private final TopicPartition id;
    private final RestoreHandover handover = new RestoreHandover();
    private volatile PartitionPhase phase = PartitionPhase.RESTORING;
    private volatile @Nullable Refusal refusal;
    private volatile @Nullable String problem;
    private volatile @Nullable RestoreProgress restore;
    private volatile @Nullable PartitionSnapshot committed;
    private volatile @Nullable OpenWindows open;
    private volatile @Nullable Uncounted uncounted;
    private volatile @Nullable Instant watermarkSince;
    private final CountedUpTo countedUpTo = new CountedUpTo();
    private final RecentRecords recent;
    private final AccessPatience reads;
    private final AccessPatience writes;
    private volatile @Nullable String lack;
    /** A commit at this offset or beyond shows that what was lacking is there again. */
    private long lackReach;
    /** When a partition that lacks something may be restored. */
    private long heldUntil;

    private @Nullable PartitionProcessor processor;
    private @Nullable TransactionalOutbox outbox;
    private @Nullable CommitPoint pending;
    /** Whether there was a commit since {@link #open} was noted. */
    private boolean openIsOld;
    /** What must be committed, so that a refusal stays. */
    private @Nullable CommitPoint note;
    /** Whether its records wait in the source until rows have left; only while active. */
    private boolean paused;
    /** Up to where the log was read, with the leader epoch of what was read last. */
    private OffsetAndMetadata position = NOWHERE;

    /**
     * Begins without memory.
     *
     * @param reads patience of its restores
     * @param writes patience of its outputs
     * @param rule when to report that hardly any of its records are counted
     */
    OwnedPartition(TopicPartition id, AccessPatience reads, AccessPatience writes, UncountedRule rule) {
        recent = new RecentRecords(id, rule);
        this.id = id;
        this.reads = reads;
        this.writes = writes;
    }

    public AccessPatience reads() {
        return reads;
    }

    public AccessPatience writes() {
        return writes;
    }

    /**
     * Its outputs lack something. It waits for that, and is not restored meanwhile, so that others can go on.
     *
     * @param what in words
     * @param reach the offset up to which records were processed when it was found out
     */
    public void holdBack(String what, long reach, Duration wait) {
        lackReach = lack == null ? reach : Math.max(lackReach, reach);
        lack = what;
        heldUntil = System.nanoTime() + wait.toNanos();
    }

    private boolean isHeldBack() {
        return lack != null && heldUntil - System.nanoTime() > 0;
    }

    /** Whether it is to be restored now. */
    public boolean isToRestore() {
        return isRestoring() && !isHeldBack();
    }

    public TopicPartition id() {
        return id;
    }

    public int number() {
        return id.partition();
    }

    PartitionPhase phase() {
        return phase;
    }

    private boolean isRestoring() {
        return phase == PartitionPhase.RESTORING;
    }

    public boolean isActive() {
        return phase == PartitionPhase.ACTIVE;
    }

    /** The processor; only while active. */
    public PartitionProcessor processor() {
        if (processor == null) {
            throw new IllegalStateException(id + " is " + phase + " and must not be processed");
        }
        return processor;
    }

    /** Where its outputs go; only while active. */
    public TransactionalOutbox outbox() {
        if (outbox == null) {
            throw new IllegalStateException(id + " is " + phase + " and has no outputs");
        }
        return outbox;
    }

    /**
     * Drops the memory, and what was on its way out: the partition must be restored before it goes on. A refused
     * partition stays refused.
     */
    public void forget() {
        handover.forget();
        problem = null;
        discardProcessor();
        pending = null;
        paused = false;
        forgetCommitted();
        countedUpTo.forget();
        if (phase != PartitionPhase.REFUSED) {
            phase = PartitionPhase.RESTORING;
        }
    }

    public void refuse(Refusal why) {
        handover.forget();
        discardProcessor();
        pending = null;
        paused = false;
        forgetCommitted();
        problem = null;
        restore = null;
        lack = null;
        refusal = why;
        phase = PartitionPhase.REFUSED;
    }

    private void forgetCommitted() {
        committed = null;
        open = null;
    }

    /** The refusal is to be noted with the committed offset. */
    public void note(@Nullable CommitPoint point) {
        note = point;
    }

    /** What has yet to be noted; null if nothing has. */
    @Nullable
    public CommitPoint note() {
        return note;
    }

    private void discardProcessor() {
        if (processor != null) {
            processor.discard();
            processor = null;
        }
        outbox = null;
    }

    /** From now on only the outcome of this restore is wanted. */
    public void await(Cancellation restore) {
        handover.await(restore);
    }

    /** Whether nobody restores it although it must be: no attempt was begun, or one ended without an outcome. */
    boolean isForgotten() {
        return isToRestore() && handover.isForgotten();
    }

    /** Hands over the outcome of a restore; from the restore thread. */
    public void offer(Restored outcome) {
        handover.offer(outcome);
    }

    /** The lane no longer owns it: drops its memory, and ignores a restore that is under way. */
    public void release() {
        handover.release();
        discardProcessor();
    }

    public boolean isReleased() {
        return handover.isReleased();
    }

    public void progress(RestoreProgress now) {
        restore = now;
    }

    /** Why a restore failed, which is tried again; from the restore thread. */
    public void problem(String text) {
        problem = text;
    }

    /** The outcome of the restore that is waited for, once; null if there is none yet. */
    @Nullable
    public Restored takeRestored() {
        return handover.take();
    }

    /** Goes to work where the restored state ends. */
    public void activate(
            PartitionProcessor restoredProcessor, OffsetAndMetadata restoredPosition, TransactionalOutbox newOutbox) {
        handover.forget();
        outbox = newOutbox;
        position = restoredPosition;
        processor = restoredProcessor.to(newOutbox);
        problem = null;
        restore = null;
        committed = restoredProcessor.snapshot(restoredProcessor.position());
        watermarkSince = Instant.now();
        phase = PartitionPhase.ACTIVE;
    }

    /** Whether rows of it had no room and leave in further transactions. */
    boolean isBehind() {
        return isActive() && processor().isBehind();
    }

    boolean isPaused() {
        return paused;
    }

    void paused(boolean now) {
        paused = now;
    }

    /** A poll has read the log that far; one that gets nothing does not tell the epoch. */
    public void reached(OffsetAndMetadata next) {
        if (next.offset() > position.offset()) {
            position = next;
        }
    }

    /** A record of this timestamp is the last one of the running transaction so far. */
    public void read(long timestamp) {
        countedUpTo.read(timestamp);
    }

    CountedUpTo countedUpTo() {
        return countedUpTo;
    }

    /**
     * An offset that is to be committed or sought, with the leader epoch of the record before it if that is known: by
     * it clients and brokers find out whether the log has lost that record.
     */
    public OffsetAndMetadata at(long offset, String metadata) {
        Optional<Integer> epoch = position.offset() == offset ? position.leaderEpoch() : Optional.empty();
        return new OffsetAndMetadata(offset, epoch, metadata);
    }

    /** What the running transaction commits for this partition. */
    public void pending(CommitPoint point) {
        pending = point;
    }

    @Nullable
    CommitPoint pending() {
        return pending;
    }

    /** The numbers of the last commit. */
    @Nullable
    public PartitionSnapshot committed() {
        return committed;
    }

    /** The running transaction is committed; gives the new numbers if it was about this partition. */
    @Nullable
    public PartitionSnapshot confirm() {
        CommitPoint point = pending;
        if (point == null) {
            return null;
        }
        pending = null;
        if (phase == PartitionPhase.REFUSED) {
            note = null;
            return null;
        }
        if (lack != null && point.offset() >= lackReach) {
            lack = null;
            writes.granted();
        }
        PartitionSnapshot before = committed;
        PartitionSnapshot snapshot = processor().snapshot(point);
        committed = snapshot;
        openIsOld = true;
        Instant now = Instant.now();
        countedUpTo.committed(now);
        if (before == null
                || before.metadata().watermark() != snapshot.metadata().watermark()) {
            watermarkSince = now;
        }
        return snapshot;
    }

    /** Notes what is open, since somebody watches; between transactions, so that it is what is committed. */
    void look() {
        if (isActive() && (openIsOld || open == null)) {
            open = processor().openWindows(MOST_OPEN);
            openIsOld = false;
        }
    }

    /** What became of the records of a transaction that is committed. */
    public void counted(Ledger delta, Losses lost) {
        if (delta.total() > 0) {
            recent.committed(delta, lost);
            uncounted = recent.uncounted();
        }
    }

    public @Nullable Uncounted uncounted() {
        return uncounted;
    }

    PartitionStatus status() {
        PartitionSnapshot snapshot = committed;
        return new PartitionStatus(
                number(),
                phase,
                refusal,
                isRestoring() && problem != null ? problem : lack,
                restore,
                snapshot,
                uncounted,
                snapshot == null ? null : watermarkSince,
                countedUpTo.moment(),
                open);
    }
}
