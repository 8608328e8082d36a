package io.tally.pipeline;

import io.tally.checkpoint.BirthMarker;
import io.tally.checkpoint.CommitMetadata;
import io.tally.checkpoint.Ledger;
import io.tally.checkpoint.StateDigest;
import io.tally.checkpoint.StateFormat;
import io.tally.codec.RecordDecoder;
import io.tally.codec.Rejection;
import io.tally.codec.ResultEncoder;
import io.tally.codec.SourceRecord;
import io.tally.window.EntryLimitExceededException;
import io.tally.window.Event;
import io.tally.window.StateEntry;
import io.tally.window.WindowEngine;
import io.tally.window.WindowOutput;
import io.tally.window.WindowResult;
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
    private final SourcePartition source;
    private final PipelineSpec spec;
    // Package-private for the tests' view of the engine.
    final WindowEngine engine;
    private final StateFormat format;
    private final StateDigest stored;
    private final RecordDecoder decoder;
    private final ResultEncoder encoder;
    private final Event event;
    private final CheckpointClock clock;
    private final String transactionalId;
    private final long birthOffset;
    private final Closing closing = new Closing();

    private long nextOffset;
    private long folded;
    private long late;
    private long deadLettered;
    private long filtered;
    private boolean born;
    /** The offset that stands still, and since when; only with an idle timeout. */
    private long idleOffset = -1;

    private long idleSince;

    PartitionProcessor(
            SourcePartition source,
            PipelineSpec spec,
            WindowEngine engine,
            StateDigest stored,
            Origin origin,
            String transactionalId) {
        this.source = source;
        this.spec = spec;
        this.engine = engine;
        this.stored = stored;
        this.transactionalId = transactionalId;
        format = new StateFormat();
        decoder = spec.decoders().get();
        encoder = spec.encoders().get();
        event = spec.newEvent();
        clock = new CheckpointClock(spec.checkpoint().interval().toMillis(), origin.offset());
        nextOffset = origin.offset();
        birthOffset = origin.birthOffset();
        born = origin.born();
        folded = origin.ledger().folded();
        late = origin.ledger().late();
        deadLettered = origin.ledger().deadLettered();
        filtered = origin.ledger().filtered();
    }

    /**
     * Where a processor begins.
     *
     * @param offset the first record it will see
     * @param born whether the birth marker is in the state topic already
     */
    record Origin(long offset, long birthOffset, Ledger ledger, boolean born) {}

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
     * @throws IllegalStateException if the record was processed before
     * @throws RefusedException if the limit of open entries is reached
     */
    public void process(SourceRecord record, Outbox outbox) {
        long offset = record.offset();
        if (offset < nextOffset) {
            throw new IllegalStateException("record " + offset + " of " + source
                    + " is in the state already, which expects " + nextOffset + " or later");
        }
        nextOffset = offset + 1;
        RecordDecoder.Verdict verdict = decoder.decode(record, event);
        if (verdict == RecordDecoder.Verdict.REJECTED) {
            deadLettered++;
            outbox.deadLetter(record, rejection());
            return;
        }
        closing.outbox = outbox;
        engine.advance(event.time(), closing);
        if (verdict == RecordDecoder.Verdict.FILTERED) {
            filtered++;
        } else if (fold(offset)) {
            folded++;
        } else {
            late++;
            outbox.late(record, lateness());
        }
    }

    /**
     * Ends a batch: writes the checkpoint entries that are due and says what to commit.
     *
     * @param next the next offset to read, at least one beyond the last record
     * @param now milliseconds of a steady clock
     */
    public CommitPoint completeBatch(long next, long now, Outbox outbox) {
        nextOffset = Math.max(nextOffset, next);
        CheckpointPolicy policy = spec.checkpoint();
        long due = clock.advance(now, nextOffset);
        if (policy.everyTransaction()) {
            checkpoint(Long.MAX_VALUE - 1, Integer.MAX_VALUE, outbox);
        } else {
            checkpoint(
                    Math.max(due, nextOffset - policy.maxReplayRecords()), policy.maxEntriesPerTransaction(), outbox);
        }
        return commitPoint(outbox);
    }

    /**
     * Writes up to {@code limit} dirty entries whatever their age, for a planned handover.
     *
     * @return what to commit; nothing is left to write when its recovery offset is its offset
     */
    public CommitPoint drain(int limit, Outbox outbox) {
        checkpoint(Long.MAX_VALUE - 1, limit, outbox);
        return commitPoint(outbox);
    }

    /** Whether a commit has settled where the pipeline begins here. */
    public boolean isBorn() {
        return born;
    }

    /**
     * Whether {@link #completeBatch} has something to write although no records came: the birth of the pipeline, or
     * entries or updates that grew old.
     */
    public boolean isCommitDue(long now) {
        return !born || engine.oldestUnsent() < clock.advance(now, nextOffset);
    }

    /**
     * Whether windows are open although no record has been processed for the idle timeout. Looks only at what has come;
     * whether there is more to come is for the caller to find out.
     */
    public boolean isIdle(long now) {
        Duration timeout = spec.idleTimeout();
        if (timeout == null) {
            return false;
        }
        if (idleOffset != nextOffset) {
            idleOffset = nextOffset;
            idleSince = now;
        }
        return engine.openWindows() > 0 && now - idleSince >= timeout.toMillis();
    }

    /**
     * Closes all windows, because the source is idle; {@link #completeBatch} then gives the new watermark to commit.
     * From then on the results depend on when records came, and no more on the records alone.
     */
    public void closeIdle(Outbox outbox) {
        closing.outbox = outbox;
        engine.closeAll(closing);
    }

    /** Whether a recovery from the last commit would replay anything. */
    public boolean isDirty() {
        return engine.recoveryOffset() < nextOffset;
    }

    public PartitionSnapshot snapshot(CommitPoint committed) {
        return new PartitionSnapshot(
                committed.offset(),
                committed.metadata(),
                engine.openWindows(),
                engine.openEntries(),
                engine.openWindows() == 0 ? Long.MAX_VALUE : engine.oldestOpenWindow());
    }

    private CommitPoint commitPoint(Outbox outbox) {
        if (!born) {
            outbox.state(format.birthKey(), format.birthValue(birthMarker()));
            born = true;
        }
        return position();
    }

    /** What stands for the records folded so far; right after a restore, what is committed. */
    public CommitPoint position() {
        CommitMetadata metadata = new CommitMetadata(
                nextOffset,
                engine.watermark(),
                Math.min(engine.recoveryOffset(), nextOffset),
                birthOffset,
                new Ledger(folded, late, deadLettered, filtered),
                stored.entries(),
                stored.sum(),
                spec.fingerprint(),
                transactionalId);
        return new CommitPoint(nextOffset, metadata);
    }

    private BirthMarker birthMarker() {
        return new BirthMarker(
                source.pipeline(),
                source.groupId(),
                source.topic(),
                source.topicId(),
                source.partitions(),
                birthOffset);
    }

    private void checkpoint(long dirtyBefore, int limit, Outbox outbox) {
        closing.outbox = outbox;
        engine.checkpoint(dirtyBefore, nextOffset, limit, closing, (entry, appliedUpTo) -> {
            byte[] key = format.entryKey(entry);
            int checksum = format.keyChecksum(key);
            if (entry.isWritten()) {
                stored.remove(checksum, entry.appliedUpTo(), entry.storedRevision());
            }
            stored.add(checksum, appliedUpTo, entry.revision());
            outbox.state(key, format.entryValue(key, entry, appliedUpTo));
        });
    }

    private boolean fold(long offset) {
        try {
            return engine.fold(event, offset, closing);
        } catch (EntryLimitExceededException e) {
            throw new RefusedException(
                    "At offset " + offset + " of " + source + ", " + e.getMessage() + ".",
                    "raise tally.pipelines." + source.pipeline() + ".max-open-entries and the heap that goes with it"
                            + " (some 100 bytes per entry), or make windows or grace shorter, then restart;"
                            + " nothing is lost, the partition goes on where it stopped.");
        }
    }

    private Rejection rejection() {
        Rejection rejection = decoder.rejection();
        if (rejection == null) {
            throw new IllegalStateException("the decoder rejected a record without a reason");
        }
        return rejection;
    }

    private Lateness lateness() {
        long time = event.time();
        return new Lateness(time, engine.windowStart(time), engine.windowEnd(time), engine.watermark());
    }

    /** Sends the rows of windows, and the tombstones of their entries, to the current outbox. */
    private final class Closing implements WindowOutput {
        private @Nullable Outbox outbox;

        @Override
        public void result(WindowResult result) {
            current().result(result.key(), encoder.encode(result));
        }

        @Override
        public void forget(StateEntry entry) {
            byte[] key = format.entryKey(entry);
            stored.remove(format.keyChecksum(key), entry.appliedUpTo(), entry.storedRevision());
            current().state(key, null);
        }

        private Outbox current() {
            if (outbox == null) {
                throw new IllegalStateException("a window closes outside a batch");
            }
            return outbox;
        }
    }
}
