package io.tally.pipeline.partition;

import io.tally.checkpoint.Fingerprint;
import io.tally.checkpoint.StateDigest;
import io.tally.engine.WindowEngine;
import io.tally.heap.EntryLimitExceededException;
import io.tally.heap.HeapAccount;
import io.tally.heap.HeapLimitExceededException;
import io.tally.pipeline.PipelineSpec;
import io.tally.pipeline.RefusedException;
import io.tally.pipeline.ShuffleSide;
import io.tally.pipeline.SourcePartition;
import io.tally.pipeline.StageKind;
import io.tally.pipeline.status.SourceReport;
import io.tally.setting.Setting;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that is in memory of one partition: made and filled by a {@link Restoration}, worked on by a
 * {@link PartitionProcessor}, and thrown away whole. Confined to one thread at a time.
 */
final class PartitionMemory {
    final SourcePartition source;
    final PipelineSpec spec;
    /** What it takes of the heap. */
    final HeapAccount account;

    final WindowEngine engine;
    /** What the state topic holds. */
    final StateDigest stored = new StateDigest();

    final UpdateNotes updateNotes = new UpdateNotes(stored);
    final RunningLedger counts = new RunningLedger();
    final RowSender rows;
    /** How far the source partitions are; only in a merge, null elsewhere. */
    final @Nullable SourceWatermarks sources;

    PartitionMemory(SourcePartition source, PipelineSpec spec) {
        this.source = source;
        this.spec = spec;
        account = spec.heap().open(source.toString());
        engine = spec.newEngine(account);
        rows = new RowSender(spec.encoders(), stored);
        sources = source.stage() == StageKind.MERGE ? new SourceWatermarks() : null;
    }

    /**
     * What is committed as the fingerprint. Partials of one combine stage must all meet in the same partitions of the
     * same topic, so for it these are part of the structure.
     */
    Fingerprint fingerprint() {
        ShuffleSide shuffle = source.shuffle();
        return shuffle == null || shuffle.stage() != StageKind.COMBINE
                ? spec.fingerprint()
                : spec.fingerprint()
                        .withStructure("shuffle " + shuffle.shuffleTopic() + " " + shuffle.shufflePartitions());
    }

    /** How far each source partition is, by number; empty but in a merge. */
    List<SourceReport> sourceReports() {
        return sources == null ? List.of() : sources.reports();
    }

    /** The smallest offset that a replay must begin with, {@link WindowEngine#NOTHING_DIRTY} if there is none. */
    long recoveryOffset() {
        long entries = engine.recoveryOffset();
        return sources == null ? entries : Math.min(entries, sources.dirtySince());
    }

    /** Explains that the limit of open entries is reached. */
    RefusedException tooManyEntries(long offset, EntryLimitExceededException e) {
        return new RefusedException(
                "At offset " + offset + " of " + source + ", " + e.getMessage() + ".",
                "raise " + source.property(Setting.MAX_OPEN_ENTRIES)
                        + ", or make windows or grace shorter, then restart;"
                        + " nothing is lost, the partition goes on where it stopped.");
    }

    /** Explains that the windows take as much of the heap as they may. */
    RefusedException heapLimit(long offset, HeapLimitExceededException e) {
        return new RefusedException(
                "At offset " + offset + " of " + source + ", " + e.getMessage() + "; " + engine.openEntries()
                        + " (window, key) entries are open.",
                moreHeap() + ", or make windows or grace shorter, then restart. Nothing is lost: the partition goes on"
                        + " where it stopped, and stops there again if nothing has changed.");
    }

    /** Explains that what is committed does not fit. */
    RefusedException restoreTooLarge(HeapLimitExceededException e) {
        return new RefusedException(
                "What is committed of " + source + " does not fit: " + e.getMessage() + " to restore it.",
                moreHeap() + ", then restart. Nothing is lost; without that, each restart ends here again.");
    }

    private String moreHeap() {
        return "Give the process more heap (-Xmx), or this pipeline more of it by "
                + source.property(Setting.MAX_OPEN_BYTES)
                + ", or have more instances share the partitions";
    }
}
