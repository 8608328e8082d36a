package io.tally.pipeline.status;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A source partition as its owner sees it.
 *
 * @param partition number of the source partition
 * @param refusal why and what to do, when refused
 * @param problem why its restore fails and is tried again; null while all is well
 * @param progress what a restore is doing at the moment, in words; null without a restore
 * @param committed the numbers of the last commit, null before the first and while restoring
 * @param uncounted that hardly any of its latest records is counted, null as a rule
 * @param watermarkSince since when the committed watermark has not moved, null when nothing is committed
 */
public record PartitionStatus(
        int partition,
        PartitionPhase phase,
        @Nullable Refusal refusal,
        @Nullable String problem,
        @Nullable String progress,
        @Nullable PartitionSnapshot committed,
        @Nullable Uncounted uncounted,
        @Nullable Instant watermarkSince) {}
