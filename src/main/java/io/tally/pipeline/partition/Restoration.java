package io.tally.pipeline.partition;

import io.tally.aggregate.BrokenAggregateException;
import io.tally.checkpoint.CommitMetadata;
import io.tally.checkpoint.StateDigest;
import io.tally.checkpoint.StateFormat;
import io.tally.codec.SourceRecord;
import io.tally.codec.decode.DecodingHistory;
import io.tally.engine.EngineRestore;
import io.tally.engine.Expired;
import io.tally.engine.WindowEngine;
import io.tally.engine.row.FormerEntryException;
import io.tally.heap.HeapLimitExceededException;
import io.tally.pipeline.Committed;
import io.tally.pipeline.Divergence;
import io.tally.pipeline.PipelineSpec;
import io.tally.pipeline.RefusedException;
import io.tally.pipeline.SourcePartition;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Rebuilds one partition exactly as it was committed, or refuses. The steps, in this order:
 *
 * <ol>
 *   <li>{@link #state} for every record of the state partition, in order of offset;
 *   <li>{@link #load} with the committed offset: checks that offset, metadata, state topic and source belong together
 *       and puts the entries back;
 *   <li>{@link #replay} for every source record in [{@link #replayFrom}, {@link #replayTo}), silently;
 *   <li>{@link #complete}.
 * </ol>
 *
 * <p>Nothing is guessed: whatever does not fit ends in a {@link RefusedException} that names the numbers and the
 * remedy. Confined to one thread.
 */
public final class Restoration {
    private final SourcePartition source;
    private final PartitionMemory memory;
    private final WindowEngine engine;
    private final Stage stage;
    private final AheadClock ahead;
    private final StateDigest stored;
    private final StateFormat format = new StateFormat();
    private final RefusalTexts refuse;
    private final CommittedCheck check;

    private @Nullable LiveEntries entries;
    /** The restore of the engine, once the state is loaded. */
    private @Nullable EngineRestore restore;

    private PartitionOrigin origin = new PartitionOrigin(0, 0, false);
    private long replayFrom;
    /** Null where a new pipeline begins. */
    private @Nullable CommitMetadata committedMetadata;

    private long committedWatermark = WindowEngine.NO_WATERMARK;
    /** Null if a replay may begin anywhere. */
    private @Nullable ReplayStarts replayStarts;

    private int rowsLeft;

    public Restoration(SourcePartition source, PipelineSpec spec) {
        this.source = source;
        memory = new PartitionMemory(source, spec);
        memory.account.restoring(true);
        entries = new LiveEntries(memory.account);
        engine = memory.engine;
        stage = Stage.of(memory);
        ahead = new AheadClock(stage.history());
        stored = memory.stored;
        refuse = new RefusalTexts(source);
        check = new CommittedCheck(memory, stage.history(), refuse);
    }

    /** Takes one record of the state partition; a null value is a tombstone. */
    public void state(long offset, byte @Nullable [] key, byte @Nullable [] value) {
        LiveEntries found = unloaded();
        try {
            found.add(key, value);
        } catch (HeapLimitExceededException e) {
            throw memory.restoreTooLarge(e);
        } catch (IllegalStateException e) {
            throw refuse.damagedState("at its offset " + offset + " stands " + e.getMessage());
        }
    }

    /** Checks everything that was found, and puts the stored entries back. */
    public void load(Committed committed) {
        LiveEntries found = unloaded();
        entries = null;
        CommitMetadata metadata = check.check(committed, found.summary());
        committedMetadata = metadata;
        if (metadata == null) {
            origin = new PartitionOrigin(committed.offset(), committed.offset(), false);
            replayFrom = committed.offset();
            restore = engine.restore(replayFrom, WindowEngine.NO_WATERMARK);
            resume(WindowEngine.NO_WATERMARK, null);
            return;
        }
        origin = new PartitionOrigin(committed.offset(), metadata.birthOffset(), true);
        memory.counts.restore(metadata.ledger());
        replayFrom = metadata.recoveryOffset();
        Long cutWatermark = metadata.cutWatermark();
        restore = engine.restore(replayFrom, cutWatermark == null ? metadata.watermark() : cutWatermark);
        committedWatermark = metadata.watermark();
        resume(metadata, committed);
        ahead.restore(metadata.bounds());
        rowsLeft = metadata.rowsLeft();
        // No window can have more keys than it has stored entries and events to be replayed.
        long ordinals = found.size() + (committed.offset() - replayFrom) * stage.eventsPerRecord();
        Expired expired = metadata.expired();
        if (expired != null) {
            expect(expired);
            // Entries of records that were never written are missing between them.
            ordinals = Math.max(ordinals, expired.rows());
        }
        long mostOrdinals = ordinals;
        found.drain((key, value) -> restore(key, value, committed.offset(), mostOrdinals));
        if (found.sources() != null) {
            restoreSources(found.sources(), committed.offset());
        }
        restoreEmissions(found.emissions(), committed.offset());
        if (stored.entries() != metadata.storedEntries() || stored.sum() != metadata.storedDigest()) {
            throw refuse.damagedState("it holds " + stored.entries() + " entries with digest "
                    + Long.toHexString(stored.sum()) + ", but " + metadata.storedEntries() + " with digest "
                    + Long.toHexString(metadata.storedDigest()) + " were committed at offset " + committed.offset());
        }
    }

    private void expect(Expired expired) {
        try {
            restore().expired(expired);
        } catch (IllegalStateException e) {
            throw refuse.damagedState("its metadata says that " + e.getMessage());
        }
    }

    /** The greatest event time before the recovery offset, as far as it is known. */
    private long latestTime(CommitMetadata metadata) {
        Long latestTime = metadata.latestTime();
        if (latestTime != null) {
            return latestTime;
        }
        // It was not needed until now, so there is nothing to replay.
        long grace = memory.spec.window().grace().toMillis();
        return metadata.watermark() == WindowEngine.NO_WATERMARK
                ? WindowEngine.NO_WATERMARK
                : Math.min(metadata.watermark(), Long.MAX_VALUE - grace) + grace;
    }

    private void resume(CommitMetadata metadata, Committed committed) {
        try {
            resume(latestTime(metadata), metadata.header());
        } catch (IllegalArgumentException e) {
            throw refuse.unreadableMetadata(committed, "its field 'f=' holds no header: " + e.getMessage());
        }
    }

    private void resume(long latestTime, @Nullable String header) {
        DecodingHistory history = stage.history();
        history.resumeAfter(latestTime);
        history.resumeUnder(header);
        if (history.latestTime() != null || history.header() != null) {
            replayStarts = new ReplayStarts(new ReplayStarts.Start(replayFrom, history));
        }
    }

    /** First source offset to replay. */
    public long replayFrom() {
        return replayFrom;
    }

    /** Where the replay ends, exclusive, and live processing begins. */
    public long replayTo() {
        return origin.offset();
    }

    /** Folds one record again as it was folded before it was committed; nothing is emitted. */
    public void replay(SourceRecord record) {
        memory.updateNotes.replayTo(record.offset(), restore());
        ahead.replayTo(record.offset());
        try {
            stage.replay(record, restore());
        } catch (HeapLimitExceededException e) {
            throw memory.restoreTooLarge(e);
        } catch (BrokenAggregateException e) {
            throw refuse.brokenFunction(record.offset() + 1, e);
        }
    }

    /**
     * Checks that the replay has read what was counted, since the log may have lost its end meanwhile. To be called
     * once the replay is through.
     *
     * @param divergence the proof that it has not; null if there is none
     * @throws RefusedException if there is one
     */
    public void checkReplayed(@Nullable Divergence divergence) {
        if (divergence != null) {
            throw check.truncated(origin.offset(), committedMetadata, divergence);
        }
    }

    /** The partition, ready for its next record. */
    public PartitionProcessor complete(String transactionalId) {
        try {
            memory.updateNotes.replayTo(replayTo(), restore());
            ahead.replayTo(replayTo());
            restore().complete(rowsLeft);
            if (engine.watermark() != committedWatermark) {
                throw new IllegalStateException(
                        "the watermark is " + engine.watermark() + ", but " + committedWatermark + " was committed");
            }
        } catch (HeapLimitExceededException e) {
            throw memory.restoreTooLarge(e);
        } catch (IllegalStateException e) {
            throw refuse.damagedState(
                    "after the replay of " + replayFrom + " to " + replayTo() + ", " + e.getMessage());
        }
        memory.account.restoring(false);
        return new PartitionProcessor(memory, stage, ahead, origin, replayStarts, transactionalId);
    }

    /** Gives the restoration up, and drops its memory. */
    public void abandon() {
        memory.account.close();
    }

    private void restore(byte[] key, byte[] value, long committed, long ordinals) {
        try {
            StateFormat.Entry entry = format.readEntry(key, value);
            if (entry.appliedUpTo() > committed) {
                throw new IllegalStateException("an entry that is applied up to offset " + entry.appliedUpTo()
                        + ", beyond the committed offset " + committed);
            }
            if (entry.ordinal() >= ordinals) {
                throw new IllegalStateException(
                        "an entry with number " + entry.ordinal() + " where at most " + ordinals + " can be");
            }
            int keyStart = StateFormat.groupKeyStart();
            long revision = restore()
                    .entry(
                            entry.sliceStart(),
                            entry.ordinal(),
                            key,
                            keyStart,
                            key.length - keyStart,
                            entry.appliedUpTo(),
                            entry.rest());
            stored.add(format.keyChecksum(key), entry.appliedUpTo(), revision);
        } catch (HeapLimitExceededException e) {
            throw memory.restoreTooLarge(e);
        } catch (BrokenAggregateException e) {
            throw refuse.unreadableAccumulator(e);
        } catch (FormerEntryException e) {
            throw refuse.formerEntry(e);
        } catch (IllegalStateException e) {
            throw refuse.damagedState("it holds " + e.getMessage());
        }
    }

    private void restoreSources(byte[] value, long committed) {
        try {
            SourceWatermarks sources = memory.sources;
            if (sources == null) {
                throw new IllegalStateException("watermarks of source partitions, though there is no merge");
            }
            StateFormat.Sources found = format.readSources(value);
            if (found.appliedUpTo() > committed) {
                throw new IllegalStateException("watermarks of source partitions that are applied up to offset "
                        + found.appliedUpTo() + ", beyond the committed offset " + committed);
            }
            sources.restore(found.rest(), found.appliedUpTo());
            stored.add(format.keyChecksum(format.sourcesKey()), found.appliedUpTo(), 0);
        } catch (IllegalStateException e) {
            throw refuse.damagedState("it holds " + e.getMessage());
        }
    }

    private void restoreEmissions(Collection<StateFormat.UpdateNote> found, long committed) {
        for (StateFormat.UpdateNote emission : found) {
            if (emission.at() > committed) {
                throw refuse.damagedState("it holds a note of updates that left at offset " + emission.at()
                        + ", beyond the committed offset " + committed);
            }
            if (emission.place() >= found.size()) {
                throw refuse.damagedState("it holds a note of updates in place " + emission.place() + ", but only "
                        + found.size() + " of them");
            }
        }
        memory.updateNotes.restore(
                found.stream().filter(emission -> emission.at() > replayFrom).toList());
    }

    private EngineRestore restore() {
        if (restore == null) {
            throw new IllegalStateException("the state of " + source + " is not loaded yet");
        }
        return restore;
    }

    private LiveEntries unloaded() {
        if (entries == null) {
            throw new IllegalStateException("the state of " + source + " is loaded already");
        }
        return entries;
    }
}
