package io.tally.pipeline.status;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A source partition as its owner sees it.
 *
 * @param partition number of the source partition
 * @param refusal why and what to do, when refused
 * @param problem why its restore fails and is tried again; null while all is well
 * @param restore what a restore is doing at the moment; null without a restore
 * @param committed the numbers of the last commit, null before the first and while restoring
 * @param uncounted that hardly any of its latest records is counted, null as a rule
 * @param watermarkSince since when the committed watermark has not moved, null when nothing is committed
 * @param countedUpTo up to which moment all that the source got is committed, as far as known: the timestamp of the
 *     last committed record, or later when there was nothing more to read; null if not known
 * @param open what is open one by one, as of a second ago at most; null while nobody watches
 */
public record PartitionStatus(
        int partition,
        PartitionPhase phase,
        @Nullable Refusal refusal,
        @Nullable String problem,
        @Nullable RestoreProgress restore,
        @Nullable PartitionSnapshot committed,
        @Nullable Uncounted uncounted,
        @Nullable Instant watermarkSince,
        @Nullable Instant countedUpTo,
        @Nullable OpenWindows open) {

    /** While nobody watches. */
    public PartitionStatus(
            int partition,
            PartitionPhase phase,
            @Nullable Refusal refusal,
            @Nullable String problem,
            @Nullable RestoreProgress restore,
            @Nullable PartitionSnapshot committed,
            @Nullable Uncounted uncounted,
            @Nullable Instant watermarkSince,
            @Nullable Instant countedUpTo) {
        this(partition, phase, refusal, problem, restore, committed, uncounted, watermarkSince, countedUpTo, null);
    }

    /** What a restore is doing, in words; null without a restore. */
    public @Nullable String progress() {
        return restore == null ? null : restore.toString();
    }
}
