package io.tally.pipeline;

import io.tally.aggregate.BrokenAggregateException;
import io.tally.checkpoint.BirthMarker;
import io.tally.checkpoint.CommitMetadata;
import io.tally.checkpoint.StateFormat;
import io.tally.codec.SourceRecord;
import io.tally.engine.WindowEngine;
import io.tally.heap.HeapLimitExceededException;
import io.tally.pipeline.status.PartitionSnapshot;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One source partition at work: classifies and folds its records, hands every output to the {@link Outbox} of the
 * current transaction, and says what to commit.
 *
 * <p>It is only a cache of what is committed. After anything but a clean commit the owner throws it away and has a
 * {@link Restoration} make a new one; nothing here can be undone, and nothing needs to be. Confined to one thread.
 */
public final class PartitionProcessor {
    /** How long what is behind the last record may stay uncommitted: else each marker would cost a transaction. */
    static final long BEHIND_MILLIS = 1_000;

    private final PartitionMemory memory;
    private final SourcePartition source;
    private final RefusalTexts refuse;
    private final PipelineSpec spec;
    // Package-private for the tests' view of the engine.
    final WindowEngine engine;
    private final Stage stage;
    private final StateFormat format = new StateFormat();
    private final CheckpointClock checkpointClock;
    /** Tells which changes are so old that updates are due. */
    private final CheckpointClock emitClock;

    private final String transactionalId;
    private final long birthOffset;

    /**
     * Whether each transaction writes all that changed. A combine stage has nothing to write, so that it may always.
     */
    private final boolean everyTransaction;

    /** Null if a replay may begin anywhere. */
    private final @Nullable ReplayStarts replayStarts;

    private long nextOffset;
    /** Where the last record ended. */
    private long recordsEnd;
    /** Where the batch began: what is before has been written. */
    private long batchOffset;
    /** Since when there is something behind the last record that is not committed; -1 while there is nothing. */
    private long behindSince = -1;

    private boolean born;
    /** Whether the watermark moves in this transaction without a record that would move it so in a replay. */
    private boolean movedAlone;
    /** The end of the records that stands still, and since when; only with an idle timeout. */
    private long idleOffset = -1;

    private long idleSince;

    PartitionProcessor(
            PartitionMemory memory, Origin origin, @Nullable ReplayStarts replayStarts, String transactionalId) {
        this.replayStarts = replayStarts;
        this.memory = memory;
        this.transactionalId = transactionalId;
        source = memory.source;
        refuse = new RefusalTexts(source);
        spec = memory.spec;
        engine = memory.engine;
        stage = memory.stage;
        CheckpointPolicy policy = spec.checkpoint();
        checkpointClock = new CheckpointClock(policy.interval().toMillis(), origin.offset());
        emitClock = new CheckpointClock(policy.emitInterval().toMillis(), origin.offset());
        everyTransaction = policy.everyTransaction() || source.stage() == StageKind.COMBINE;
        nextOffset = origin.offset();
        recordsEnd = nextOffset;
        batchOffset = nextOffset;
        birthOffset = origin.birthOffset();
        born = origin.born();
        stage.restored();
        stage.release();
    }

    /**
     * Where a processor begins.
     *
     * @param offset the first record it will see
     * @param born whether the birth marker is in the state topic already
     */
    record Origin(long offset, long birthOffset, boolean born) {}

    public SourcePartition source() {
        return source;
    }

    /** The offset of the next record; records before it are in the state. */
    public long nextOffset() {
        return nextOffset;
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
    public boolean process(SourceRecord record, Outbox outbox) {
        long offset = record.offset();
        if (offset < nextOffset) {
            throw new IllegalStateException("record " + offset + " of " + source
                    + " is in the state already, which expects " + nextOffset + " or later");
        }
        nextOffset = offset + 1;
        recordsEnd = nextOffset;
        try {
            boolean taken = catchUp(outbox) && stage.process(record, outbox);
            if (!taken) {
                nextOffset = offset;
                recordsEnd = offset;
            }
            return taken;
        } catch (HeapLimitExceededException e) {
            throw memory.heapLimit(offset, e);
        } catch (BrokenAggregateException e) {
            throw refuse.brokenFunction(nextOffset, e);
        }
    }

    /**
     * The log was read up to {@code next}, and what lies before that and behind the last record is none: control
     * markers, aborted or compacted records. The next commit takes it in.
     */
    public void skipTo(long next) {
        nextOffset = Math.max(nextOffset, next);
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
    public CommitPoint completeBatch(long next, long now, Outbox outbox) {
        skipTo(next);
        CheckpointPolicy policy = spec.checkpoint();
        long due = checkpointClock.advance(now, nextOffset);
        try {
            catchUp(outbox);
            boolean updatesDue = engine.oldestUnsent() < emitClock.advance(now, nextOffset);
            stage.endBatch(nextOffset, outbox);
            if (everyTransaction || (movedAlone && engine.writesCuts())) {
                return write(Integer.MAX_VALUE, Long.MAX_VALUE - 1, Integer.MAX_VALUE, outbox);
            }
            long records = nextOffset - batchOffset;
            int updates = updatesDue ? policy.maxUpdates(records) : 0;
            long dirtyBefore =
                    Math.max(Math.max(due, nextOffset - policy.maxReplayRecords()), memory.emissions.writeBefore());
            return write(updates, dirtyBefore, policy.maxEntries(records), outbox);
        } catch (HeapLimitExceededException e) {
            throw memory.heapLimit(nextOffset, e);
        } catch (BrokenAggregateException e) {
            throw refuse.brokenFunction(nextOffset, e);
        } finally {
            stage.release();
            movedAlone = false;
            endBatch();
        }
    }

    private void endBatch() {
        batchOffset = nextOffset;
        behindSince = -1;
    }

    /**
     * Writes up to {@code limit} dirty entries whatever their age, or all if they make a cut, for a planned handover,
     * and sends their rows where there are updates.
     *
     * @return what to commit; nothing is left to write when its recovery offset is its offset
     */
    public CommitPoint drain(int limit, Outbox outbox) {
        // What has not left leaves with its entry, but for sessions.
        int updates = engine.writesCuts() ? limit : 0;
        CommitPoint point = write(updates, Long.MAX_VALUE - 1, limit, outbox);
        endBatch();
        return point;
    }

    /**
     * Updates leave together, the young with the old: one transaction per interval with all of them costs the broker
     * less than many with a few each.
     */
    private CommitPoint write(int updates, long dirtyBefore, int entries, Outbox outbox) {
        long sentBefore = updates == 0
                ? WindowEngine.NOTHING_SENT
                : engine.sendUpdates(nextOffset, updates, memory.rows.to(outbox));
        checkpoint(dirtyBefore, entries, outbox);
        // If no row would be replayed, the entries have what left.
        if (sentBefore != WindowEngine.NOTHING_SENT && engine.recoveryOffset() < nextOffset) {
            memory.emissions.add(nextOffset, sentBefore, outbox);
        }
        return commitPoint(outbox);
    }

    private boolean catchUp(Outbox outbox) {
        if (!engine.isBehind()) {
            return true;
        }
        movedAlone = true;
        return engine.catchUp(memory.rows.to(outbox));
    }

    /** Whether a commit has settled where the pipeline begins here. */
    public boolean isBorn() {
        return born;
    }

    /**
     * Whether {@link #completeBatch} has something to write that should not wait for records: the birth of the
     * pipeline, rows that had no room, entries or updates that grew old, or updates that leave with each transaction;
     * or something behind the last record, which would be a lag for ever, and be missed once retention has removed it.
     */
    public boolean isCommitDue(long now) {
        return !born
                || engine.isBehind()
                || isEndDue(now)
                || memory.recoveryOffset() < checkpointClock.advance(now, nextOffset)
                || engine.oldestUnsent() < (everyTransaction ? nextOffset : emitClock.advance(now, nextOffset));
    }

    private boolean isEndDue(long now) {
        if (!isBehindRecords()) {
            return false;
        }
        if (behindSince < 0) {
            behindSince = now;
        }
        return now - behindSince >= BEHIND_MILLIS;
    }

    /** Whether the batch has no record, but the log went on. */
    private boolean isBehindRecords() {
        return recordsEnd <= batchOffset && batchOffset < nextOffset;
    }

    /**
     * Whether windows wait for records although none has been processed for the idle timeout. Looks only at what has
     * come; whether there is more to come is for the caller to find out.
     */
    public boolean isIdle(long now) {
        Duration timeout = spec.idleTimeout();
        if (timeout == null || engine.isBehind()) {
            return false;
        }
        if (idleOffset != recordsEnd) {
            idleOffset = recordsEnd;
            idleSince = now;
        }
        return stage.waitsForRecords() && now - idleSince >= timeout.toMillis();
    }

    /**
     * Closes all windows that wait for this partition alone, because it is idle; {@link #completeBatch} then gives the
     * new watermark to commit. From then on the results depend on when records came, and no more on the records alone.
     */
    public void closeIdle(Outbox outbox) {
        movedAlone = true;
        try {
            stage.idle(outbox);
        } catch (HeapLimitExceededException e) {
            throw memory.heapLimit(nextOffset, e);
        } catch (BrokenAggregateException e) {
            throw refuse.brokenFunction(nextOffset, e);
        }
    }

    /**
     * Whether a recovery from the last commit would replay anything, or an update has yet to leave, or something behind
     * the last record is not committed.
     */
    public boolean isDirty() {
        return isBehindRecords() || memory.recoveryOffset() < nextOffset || engine.oldestUnsent() < nextOffset;
    }

    /** Its memory is dropped; what it took of the heap is free for others. From any thread. */
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
                engine.isBehind() ? engine.target() : null,
                engine.isBehind() ? engine.windowsToClose() : 0,
                memory.sources != null,
                memory.sources == null ? null : memory.sources.slowestSource());
    }

    private CommitPoint commitPoint(Outbox outbox) {
        if (!born) {
            outbox.state(format.birthKey(), format.birthValue(birthMarker()));
            born = true;
        }
        ReplayStarts.Start start = replayStart();
        memory.emissions.recoverFrom(start.offset());
        return position(start);
    }

    /** What stands for the records folded so far; right after a restore, what is committed. */
    public CommitPoint position() {
        return position(replayStart());
    }

    private ReplayStarts.Start replayStart() {
        long recoveryOffset = Math.min(memory.recoveryOffset(), nextOffset);
        if (replayStarts == null) {
            return new ReplayStarts.Start(recoveryOffset, WindowEngine.NO_WATERMARK);
        }
        Long latestTime = stage.latestTime();
        if (latestTime != null) {
            replayStarts.add(nextOffset, latestTime);
        }
        ReplayStarts.Start start = replayStarts.at(recoveryOffset);
        if (engine.writesCuts() && start.offset() != recoveryOffset) {
            throw new IllegalStateException("a replay of " + source + " from the cut at " + recoveryOffset
                    + " would begin at " + start.offset());
        }
        return start;
    }

    private CommitPoint position(ReplayStarts.Start start) {
        CommitMetadata metadata = new CommitMetadata(
                nextOffset,
                null,
                engine.watermark(),
                start.offset(),
                engine.rowsLeft(),
                engine.writesCuts() && start.offset() < nextOffset ? engine.recoveryWatermark() : null,
                replayStarts == null ? null : (Long) start.latestTime(),
                birthOffset,
                memory.totals.ledger(),
                memory.stored.entries(),
                memory.stored.sum(),
                memory.fingerprint(),
                transactionalId);
        return new CommitPoint(nextOffset, metadata);
    }

    private BirthMarker birthMarker() {
        return new BirthMarker(
                source.owner(), source.groupId(), source.topic(), source.topicId(), source.partitions(), birthOffset);
    }

    private void checkpoint(long dirtyBefore, int limit, Outbox outbox) {
        engine.checkpoint(dirtyBefore, nextOffset, limit, memory.rows.to(outbox), (entry, appliedUpTo) -> {
            byte[] key = format.entryKey(entry);
            int checksum = format.keyChecksum(key);
            if (entry.isWritten()) {
                memory.stored.remove(checksum, entry.appliedUpTo(), entry.storedRevision());
            }
            memory.stored.add(checksum, appliedUpTo, entry.revision());
            outbox.state(key, format.entryValue(key, entry, appliedUpTo));
        });
        SourceWatermarks sources = memory.sources;
        // They are part of a cut.
        long sourcesBefore = engine.writesCuts() ? engine.recoveryOffset() : dirtyBefore;
        if (sources != null && sources.dirtySince() < sourcesBefore) {
            checkpointSources(sources, outbox);
        }
    }

    private void checkpointSources(SourceWatermarks sources, Outbox outbox) {
        byte[] key = format.sourcesKey();
        int checksum = format.keyChecksum(key);
        if (sources.appliedUpTo() >= 0) {
            memory.stored.remove(checksum, sources.appliedUpTo(), 0);
        }
        memory.stored.add(checksum, nextOffset, 0);
        outbox.state(key, format.sourcesValue(nextOffset, sources::write));
        sources.written(nextOffset);
    }
}
