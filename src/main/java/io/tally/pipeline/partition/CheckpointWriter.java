package io.tally.pipeline.partition;

import io.tally.checkpoint.BirthMarker;
import io.tally.checkpoint.CommitMetadata;
import io.tally.checkpoint.StateFormat;
import io.tally.codec.decode.DecodingHistory;
import io.tally.engine.WindowEngine;
import io.tally.pipeline.CommitPoint;
import io.tally.pipeline.Outbox;
import io.tally.pipeline.SourcePartition;
import org.jspecify.annotations.Nullable;

/**
 * Writes what a partition's next owner needs: entries to the state topic, and the metadata that is committed with the
 * offset. Confined to one thread.
 */
final class CheckpointWriter {
    private final PartitionMemory memory;
    private final WindowEngine engine;
    private final DecodingHistory decoding;
    private final AheadClock ahead;
    private final StateFormat format = new StateFormat();
    private final String transactionalId;
    private final long birthOffset;
    /** Whether all that changed is written together, or nothing. */
    private final boolean cuts;

    private boolean born;

    /** Null if a replay may begin anywhere. */
    private final @Nullable ReplayStarts replayStarts;

    CheckpointWriter(
            PartitionMemory memory,
            DecodingHistory decoding,
            AheadClock ahead,
            PartitionOrigin origin,
            @Nullable ReplayStarts replayStarts,
            String transactionalId) {
        this.memory = memory;
        this.decoding = decoding;
        this.ahead = ahead;
        this.replayStarts = replayStarts;
        this.transactionalId = transactionalId;
        engine = memory.engine;
        cuts = engine.writesCuts();
        birthOffset = origin.birthOffset();
        born = origin.born();
    }

    /** Whether a commit has settled where the pipeline begins here. */
    boolean isBorn() {
        return born;
    }

    /**
     * Sends updates, writes entries, and the birth marker with the first commit.
     *
     * <p>All updates leave together, whatever their age. One transaction per interval with all of them costs the broker
     * less than many with a few each.
     *
     * @param nextOffset every record before it is folded
     * @param updates the most rows that leave before their window closes
     * @param dirtyBefore only entries whose oldest change lies before that are written
     * @param entries the most of them
     * @return what to commit
     */
    CommitPoint write(long nextOffset, int updates, long dirtyBefore, int entries) {
        long sentBefore =
                updates == 0 ? WindowEngine.NOTHING_SENT : engine.earlyRows().send(nextOffset, updates, memory.rows);
        writeEntries(nextOffset, dirtyBefore, entries);
        // If no row would be replayed, the entries have what left.
        if (sentBefore != WindowEngine.NOTHING_SENT && engine.recoveryOffset() < nextOffset) {
            memory.updateNotes.add(nextOffset, sentBefore, memory.rows.outbox());
        }
        if (!born) {
            memory.rows.outbox().state(format.birthKey(), format.birthValue(birthMarker()));
            born = true;
        }
        ReplayStarts.Start start = replayStart(nextOffset);
        memory.updateNotes.recoverFrom(start.offset());
        return position(nextOffset, start);
    }

    /** Whether the state must say what the watermark was, so that all is written when that moves without a record. */
    boolean writesCuts() {
        return cuts;
    }

    /** Sends all updates and writes all that changed; gives what to commit. */
    CommitPoint writeAll(long nextOffset) {
        return write(nextOffset, Integer.MAX_VALUE, Long.MAX_VALUE - 1, Integer.MAX_VALUE);
    }

    /** Writes up to {@code limit} entries whatever their age, or all if they make a cut; gives what to commit. */
    CommitPoint drain(long nextOffset, int limit) {
        // Rows that have not left leave with their entries, except those of sessions.
        return write(nextOffset, cuts ? limit : 0, Long.MAX_VALUE - 1, limit);
    }

    /** The commit point for the records folded so far; right after a restore, the committed one. */
    CommitPoint position(long nextOffset) {
        return position(nextOffset, replayStart(nextOffset));
    }

    private ReplayStarts.Start replayStart(long nextOffset) {
        long recoveryOffset = Math.min(memory.recoveryOffset(), nextOffset);
        if (replayStarts == null) {
            return new ReplayStarts.Start(recoveryOffset, null, null);
        }
        replayStarts.add(new ReplayStarts.Start(nextOffset, decoding));
        ReplayStarts.Start start = replayStarts.at(recoveryOffset);
        if (cuts && start.offset() != recoveryOffset) {
            throw new IllegalStateException("a replay of " + memory.source + " from the cut at " + recoveryOffset
                    + " would begin at " + start.offset());
        }
        return start;
    }

    private CommitPoint position(long nextOffset, ReplayStarts.Start start) {
        CommitMetadata metadata = new CommitMetadata(
                nextOffset,
                null,
                engine.watermark(),
                start.offset(),
                engine.rowsLeft(),
                engine.expired(),
                cuts && start.offset() < nextOffset ? engine.recoveryWatermark() : null,
                start.latestTime(),
                birthOffset,
                memory.counts.ledger(),
                memory.stored.entries(),
                memory.stored.sum(),
                memory.fingerprint(),
                transactionalId,
                ahead.committed(start.offset()),
                start.header());
        return new CommitPoint(nextOffset, metadata);
    }

    private BirthMarker birthMarker() {
        SourcePartition source = memory.source;
        return new BirthMarker(
                source.owner(), source.groupId(), source.topic(), source.topicId(), source.partitions(), birthOffset);
    }

    private void writeEntries(long nextOffset, long dirtyBefore, int limit) {
        Outbox outbox = memory.rows.outbox();
        engine.checkpoint(dirtyBefore, nextOffset, limit, memory.rows, (entry, appliedUpTo) -> {
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
        long sourcesBefore = cuts ? engine.recoveryOffset() : dirtyBefore;
        if (sources != null && sources.dirtySince() < sourcesBefore) {
            writeSources(sources, nextOffset);
        }
    }

    private void writeSources(SourceWatermarks sources, long nextOffset) {
        byte[] key = format.sourcesKey();
        int checksum = format.keyChecksum(key);
        if (sources.appliedUpTo() >= 0) {
            memory.stored.remove(checksum, sources.appliedUpTo(), 0);
        }
        memory.stored.add(checksum, nextOffset, 0);
        memory.rows.outbox().state(key, format.sourcesValue(nextOffset, sources::write));
        sources.written(nextOffset);
    }
}
