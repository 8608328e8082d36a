package io.tally.pipeline.partition;

import io.tally.aggregate.BrokenAggregateException;
import io.tally.codec.SourceRecord;
import io.tally.engine.WindowEngine;
import io.tally.heap.HeapLimitExceededException;
import io.tally.pipeline.CheckpointPolicy;
import io.tally.pipeline.CommitPoint;
import io.tally.pipeline.Outbox;
import io.tally.pipeline.PipelineSpec;
import io.tally.pipeline.RefusedException;
import io.tally.pipeline.SourcePartition;
import io.tally.pipeline.StageKind;
import io.tally.pipeline.control.RowsOfKey;
import io.tally.pipeline.status.OpenWindows;
import io.tally.pipeline.status.PartitionSnapshot;
import io.tally.pipeline.status.RowSample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One source partition at work: classifies and folds its records, hands every output to the {@link Outbox} of the
 * current transaction, and says what to commit.
 *
 * <p>It is only a cache of what is committed. After anything but a clean commit the owner throws it away and has a
 * {@link Restoration} make a new one; nothing here can be undone, and nothing needs to be. Confined to one thread.
 */
public final class PartitionProcessor {
    private final PartitionMemory memory;
    private final SourcePartition source;
    private final RefusalTexts refuse;
    private final PipelineSpec spec;
    // Package-private for the tests' view of the engine.
    final WindowEngine engine;
    private final Stage stage;
    private final AheadClock ahead;
    private final CheckpointWriter writer;
    private final CheckpointClock checkpointClock;
    /** Tells which changes are so old that updates are due. */
    private final CheckpointClock emitClock;

    /**
     * Whether each transaction writes all that changed. A combine stage has nothing to write, so that it may always.
     */
    private final boolean everyTransaction;

    /** Null where nothing closes for want of records. */
    private final @Nullable IdleClock idleClock;

    private final ReadProgress read;

    /** Whether the watermark moves in this transaction without a record that would move it so in a replay. */
    private boolean movedAlone;

    PartitionProcessor(
            PartitionMemory memory,
            Stage stage,
            AheadClock ahead,
            PartitionOrigin origin,
            @Nullable ReplayStarts replayStarts,
            String transactionalId) {
        this.memory = memory;
        source = memory.source;
        refuse = new RefusalTexts(source);
        spec = memory.spec;
        engine = memory.engine;
        this.stage = stage;
        this.ahead = ahead;
        CheckpointPolicy policy = spec.checkpoint();
        checkpointClock = new CheckpointClock(policy.interval().toMillis(), origin.offset());
        emitClock = new CheckpointClock(policy.emitInterval().toMillis(), origin.offset());
        everyTransaction = policy.everyTransaction() || source.stage() == StageKind.COMBINE;
        read = new ReadProgress(origin.offset());
        writer = new CheckpointWriter(memory, stage.history(), ahead, origin, replayStarts, transactionalId);
        Duration idleTimeout = spec.idleTimeout();
        idleClock = idleTimeout == null ? null : new IdleClock(idleTimeout);
        stage.restored();
        stage.release();
    }

    /** Sends everything to this outbox from now on. To be called before the first record. */
    public PartitionProcessor to(Outbox outbox) {
        memory.rows.to(outbox);
        return this;
    }

    public SourcePartition source() {
        return source;
    }

    /** The offset of the next record; records before it are in the state. */
    public long nextOffset() {
        return read.nextOffset();
    }

    /**
     * Says what time it is. To be called before the first record, and every now and then. If the broker does not say
     * when a record came, its event time may be as far ahead of this time as is allowed.
     *
     * @param wall milliseconds since the epoch
     */
    public void clock(long wall) {
        ahead.tick(wall, read.nextOffset());
    }

    /** Milliseconds since the epoch, {@link Long#MIN_VALUE} before the first record. */
    public long watermark() {
        return engine.watermark();
    }

    /**
     * Whether the watermark is further ahead than any event time is believed. Then a record of a wrong clock has moved
     * it, before that could be told.
     *
     * @param wall milliseconds since the epoch
     */
    public boolean hasRunAway(long wall) {
        return engine.watermark() != WindowEngine.NO_WATERMARK && ahead.beyond(engine.watermark(), wall) > 0;
    }

    /** Number of open (window, key) entries. */
    public long openEntries() {
        return engine.openEntries();
    }

    /**
     * Classifies one record and folds it. Each record ends in exactly one class of the ledger.
     *
     * @return false if rows must leave before that and the transaction has no room for all of them; then the batch must
     *     end before this record, which is to be processed again in a later transaction
     * @throws IllegalStateException if the record was processed before
     * @throws RefusedException if the limit of open entries or of the heap is reached, a record between stages is
     *     damaged, or a user's function cannot go on
     */
    public boolean process(SourceRecord record) {
        long offset = record.offset();
        if (offset < read.nextOffset()) {
            throw new IllegalStateException("record " + offset + " of " + source
                    + " is in the state already, which expects " + read.nextOffset() + " or later");
        }
        read.recordsTo(offset + 1);
        try {
            boolean taken = catchUp() && stage.take(record);
            if (!taken) {
                read.recordsTo(offset);
            }
            return taken;
        } catch (HeapLimitExceededException e) {
            throw memory.heapLimit(offset, e);
        } catch (BrokenAggregateException e) {
            throw refuse.brokenFunction(read.nextOffset(), e);
        }
    }

    /**
     * The log was read up to {@code next}, and no further record lies before that: only control markers, aborted or
     * compacted records. The next commit takes them in.
     */
    public void skipTo(long next) {
        read.skipTo(next);
    }

    /**
     * Whether the transaction before had no room for all rows that must leave before another record can be processed:
     * they leave with {@link #completeBatch}, or the next {@link #process}, in one or more further transactions.
     */
    public boolean isBehind() {
        return engine.isBehind();
    }

    /**
     * Ends a batch: sends rows that had no room so far, and the updates, writes the checkpoint entries that are due,
     * and says what to commit.
     *
     * @param next the next offset to read, at least one beyond the last record
     * @param now milliseconds of a steady clock
     * @throws RefusedException if a user's function cannot go on
     */
    public CommitPoint completeBatch(long next, long now) {
        read.skipTo(next);
        long nextOffset = read.nextOffset();
        CheckpointPolicy policy = spec.checkpoint();
        long due = checkpointClock.advance(now, nextOffset);
        try {
            catchUp();
            boolean updatesDue = engine.earlyRows().oldestUnsent() < emitClock.advance(now, nextOffset);
            stage.endBatch(nextOffset);
            if (everyTransaction || (movedAlone && writer.writesCuts())) {
                return writer.writeAll(nextOffset);
            }
            long records = read.batchLength();
            int updates = updatesDue ? policy.maxUpdates(records) : 0;
            long dirtyBefore =
                    Math.max(Math.max(due, nextOffset - policy.maxReplayRecords()), memory.updateNotes.writeBefore());
            return writer.write(nextOffset, updates, dirtyBefore, policy.maxEntries(records));
        } catch (HeapLimitExceededException e) {
            throw memory.heapLimit(read.nextOffset(), e);
        } catch (BrokenAggregateException e) {
            throw refuse.brokenFunction(read.nextOffset(), e);
        } finally {
            stage.release();
            movedAlone = false;
            read.endBatch();
        }
    }

    /**
     * Writes up to {@code limit} dirty entries whatever their age, or all if they make a cut, for a planned handover,
     * and sends their rows where there are updates.
     *
     * @return what to commit; nothing is left to write when its recovery offset is its offset
     * @throws RefusedException if a user's function cannot go on
     */
    public CommitPoint drain(int limit) {
        try {
            return writer.drain(read.nextOffset(), limit);
        } catch (BrokenAggregateException e) {
            throw refuse.brokenFunction(read.nextOffset(), e);
        } finally {
            read.endBatch();
        }
    }

    private boolean catchUp() {
        if (!engine.isBehind()) {
            return true;
        }
        movedAlone = true;
        return engine.catchUp(memory.rows);
    }

    /** Whether a commit has settled where the pipeline begins here. */
    public boolean isBorn() {
        return writer.isBorn();
    }

    /**
     * Whether {@link #completeBatch} has something to write that should not wait for records: the birth of the
     * pipeline, rows that had no room, entries or updates that grew old, updates that leave with each transaction, or
     * something behind the last record. The last would be a lag for ever, and be missed once retention has removed it.
     */
    public boolean isCommitDue(long now) {
        long nextOffset = read.nextOffset();
        return !isBorn()
                || engine.isBehind()
                || read.isEndDue(now)
                || memory.recoveryOffset() < checkpointClock.advance(now, nextOffset)
                || engine.earlyRows().oldestUnsent()
                        < (everyTransaction ? nextOffset : emitClock.advance(now, nextOffset));
    }

    /**
     * Whether windows wait for records although none has been processed for the idle timeout. Looks only at what has
     * come; whether there is more to come is for the caller to find out.
     */
    public boolean isIdle(long now) {
        return idleClock != null
                && !engine.isBehind()
                && idleClock.isOver(now, read.recordsEnd())
                && stage.waitsForRecords();
    }

    /**
     * Closes all windows that wait for this partition alone, because it is idle; {@link #completeBatch} then gives the
     * new watermark to commit. From then on the results depend on when records came, and no longer on the records
     * alone.
     */
    public void closeIdle() {
        moveAlone(stage::idle);
    }

    private void moveAlone(Runnable move) {
        movedAlone = true;
        try {
            move.run();
        } catch (HeapLimitExceededException e) {
            throw memory.heapLimit(read.nextOffset(), e);
        } catch (BrokenAggregateException e) {
            throw refuse.brokenFunction(read.nextOffset(), e);
        }
    }

    /**
     * At most so many rows of a key as they stand, oldest first; between two transactions that is what is committed.
     */
    public RowsOfKey rowsOf(byte[] key, int most) {
        return new KeyRows(memory).of(key, most);
    }

    /**
     * Closes all that is open, whatever its source does, and forgets what is kept of windows that have closed. Where
     * the rows find no room, {@link #completeBatch} has more of them leave.
     */
    public void closeOpen() {
        moveAlone(new SetBack(memory, read.nextOffset(), engine.watermark())::close);
    }

    /** What setting the watermark back would mean, as long as nothing else is done; milliseconds since the epoch. */
    public SetBack setBackTo(long watermark) {
        return new SetBack(memory, read.nextOffset(), watermark);
    }

    /**
     * Writes all that is dirty.
     *
     * @return what to commit, with the lower watermark. The partition is of no more use then, and must be restored
     * @throws RefusedException if a user's function cannot go on
     */
    public CommitPoint setBack(SetBack order) {
        try {
            return order.write(writer, stage.history());
        } catch (BrokenAggregateException e) {
            throw refuse.brokenFunction(read.nextOffset(), e);
        } finally {
            read.endBatch();
        }
    }

    /**
     * Whether a recovery from the last commit would replay anything, or an update has yet to leave, or something behind
     * the last record is not committed.
     */
    public boolean isDirty() {
        return read.isBehindRecords()
                || memory.recoveryOffset() < read.nextOffset()
                || engine.earlyRows().oldestUnsent() < read.nextOffset();
    }

    /** Drops its memory, so that others may use that part of the heap. From any thread. */
    public void discard() {
        memory.account.close();
    }

    public PartitionSnapshot snapshot(CommitPoint committed) {
        return new PartitionSnapshot(
                committed.offset(),
                committed.metadata(),
                engine.openWindows(),
                engine.openEntries(),
                memory.account.used(),
                memory.account.limit(),
                engine.openWindows() == 0 ? Long.MAX_VALUE : engine.oldestOpenWindow(),
                engine.isBehind() ? (Long) Math.max(engine.target(), engine.watermark()) : null,
                engine.isBehind() ? engine.windowsToClose() : 0,
                memory.sources != null,
                memory.sources == null ? null : memory.sources.slowestSource());
    }

    /**
     * What is open, one by one, for observers; between transactions, that is what is committed. Its cost is bounded.
     *
     * @param limit the most windows, slices or groups of sessions, at least 1
     */
    public OpenWindows openWindows(int limit) {
        List<OpenWindows.Span> oldest = new ArrayList<>();
        boolean isExact =
                engine.showOpen(limit, (start, end, keys) -> oldest.add(new OpenWindows.Span(start, end, keys)));
        OpenWindows.Shape shape = spec.openShape();
        long more = shape == OpenWindows.Shape.SESSIONS ? 0 : engine.openWindows() - oldest.size();
        return new OpenWindows(shape, oldest, more, isExact, memory.sourceReports());
    }

    /** Some of the rows of the transaction that was committed last, null if it had none or nobody takes samples. */
    public @Nullable RowSample takeSample() {
        return memory.rows.takeSample();
    }

    /** The commit point for the records folded so far; right after a restore, the committed one. */
    public CommitPoint position() {
        return writer.position(read.nextOffset());
    }
}
