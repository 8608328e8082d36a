package io.tally.pipeline.status;

import org.jspecify.annotations.Nullable;

/**
 * How far a source partition is, as a merge was told last. If it has not reported yet, all three are null.
 *
 * @param watermark its watermark in milliseconds since the epoch
 * @param offset its next source offset as of its last report
 * @param since when it last reported, milliseconds since the epoch
 * @param isIdle whether it was silent for so long that nothing waits for it
 */
public record SourceReport(
        int partition,
        @Nullable Long watermark,
        @Nullable Long offset,
        @Nullable Long since,
        boolean isIdle) {}
