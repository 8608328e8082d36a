package io.tally.pipeline.partition;

import io.tally.checkpoint.BirthMarker;
import io.tally.checkpoint.CommitMetadata;
import io.tally.checkpoint.Fingerprint;
import io.tally.codec.decode.DecodingHistory;
import io.tally.pipeline.Committed;
import io.tally.pipeline.Divergence;
import io.tally.pipeline.Loss;
import io.tally.pipeline.RefusedException;
import io.tally.pipeline.SourcePartition;
import io.tally.pipeline.StageKind;
import org.jspecify.annotations.Nullable;

/** Checks that committed offset, metadata, state topic, source and configuration belong together. */
final class CommittedCheck {
    private final PartitionMemory memory;
    private final SourcePartition source;
    private final DecodingHistory history;
    private final RefusalTexts refuse;

    /** @param history what decoding depends on in this pipeline */
    CommittedCheck(PartitionMemory memory, DecodingHistory history, RefusalTexts refuse) {
        this.memory = memory;
        source = memory.source;
        this.history = history;
        this.refuse = refuse;
    }

    /**
     * The committed metadata, or null where a new pipeline begins.
     *
     * @param found what the state topic holds
     * @throws RefusedException if something does not belong to the rest
     */
    @Nullable
    CommitMetadata check(Committed committed, StoredState found) {
        BirthMarker birth = found.birth();
        if (birth == null) {
            if (committed.present() && CommitMetadata.isOurs(committed.metadata())) {
                throw refuse.stateTopicLost(committed.offset());
            }
            if (found.entries() > 0 || found.holdsMore()) {
                throw refuse.damagedState("it holds " + found.entries() + " entries but no birth marker");
            }
            checkLoss(committed, null);
            checkStart(committed, committed.offset());
            if (source.stage() == StageKind.MERGE && committed.logStart() > 0) {
                throw refuse.shuffleBeginsLate(committed.logStart());
            }
            return null;
        }
        refuse.checkBirth(birth);
        if (!committed.present()) {
            throw refuse.offsetGone(birth);
        }
        if (!CommitMetadata.isOurs(committed.metadata())) {
            throw refuse.offsetReset(committed.offset(), birth);
        }
        CommitMetadata metadata = parse(committed);
        if (metadata.offset() != committed.offset()) {
            throw refuse.offsetMoved(committed.offset(), metadata);
        }
        // This comes first, since it cannot be mended, and all else can.
        checkLoss(committed, metadata);
        checkConfiguration(metadata, found, committed.offset());
        if (source.compacted() && metadata.recoveryOffset() < committed.offset()) {
            throw refuse.compacted(metadata, committed.offset());
        }
        checkStart(committed, metadata.recoveryOffset());
        boolean replays = metadata.recoveryOffset() < committed.offset();
        boolean unknown = (history.latestTime() != null && metadata.latestTime() == null)
                || (history.header() != null && metadata.header() == null);
        if (replays && unknown) {
            throw refuse.otherReplay(metadata, committed.offset());
        }
        if (replays && memory.engine.writesCuts() && metadata.cutWatermark() == null) {
            throw refuse.noCut(metadata, committed.offset());
        }
        return metadata;
    }

    private CommitMetadata parse(Committed committed) {
        try {
            return CommitMetadata.parse(committed.metadata());
        } catch (IllegalArgumentException e) {
            throw refuse.unreadableMetadata(committed, String.valueOf(e.getMessage()));
        }
    }

    private void checkConfiguration(CommitMetadata metadata, StoredState found, long offset) {
        Fingerprint committed = metadata.fingerprint();
        Fingerprint configured = memory.fingerprint();
        boolean replays = metadata.recoveryOffset() < offset;
        if (!committed.structure().equals(configured.structure())) {
            if (source.stage() == StageKind.COMBINE) {
                // Its open windows are in the merge, or on the way there, where nobody knows of them here.
                throw refuse.otherShuffle(metadata, offset);
            }
            if (replays || found.entries() > 0) {
                throw refuse.otherStructure(metadata, offset);
            }
        }
        // A merge replays what others have decoded.
        if (replays && source.stage() != StageKind.MERGE && !committed.replay().equals(configured.replay())) {
            throw refuse.otherReplay(metadata, offset);
        }
    }

    private void checkLoss(Committed committed, @Nullable CommitMetadata metadata) {
        if (metadata != null && metadata.lostFrom() != null) {
            throw refuse.lost(committed.offset(), metadata.lostFrom());
        }
        if (committed.divergence() != null) {
            throw truncated(committed.offset(), metadata, committed.divergence());
        }
        if (committed.logEnd() < committed.offset()) {
            throw noting(refuse.beyondEnd(committed), metadata, committed.logEnd());
        }
    }

    /** The source has lost records that were counted before an offset. */
    RefusedException truncated(long offset, @Nullable CommitMetadata metadata, Divergence divergence) {
        return noting(refuse.truncated(offset, divergence), metadata, divergence.lostFrom());
    }

    /** Where nothing of ours is committed, nothing was counted, and somebody else's offset is left as it is. */
    private static RefusedException noting(RefusedException e, @Nullable CommitMetadata metadata, long lostFrom) {
        return metadata == null ? e : e.noting(new Loss(metadata, lostFrom));
    }

    private void checkStart(Committed committed, long from) {
        if (committed.logStart() > from) {
            throw refuse.trimmed(committed, from);
        }
    }
}
