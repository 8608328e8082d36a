package io.tally.pipeline.status;

import org.jspecify.annotations.Nullable;

/**
 * The source partition that holds a merge's watermark back. If it has not reported yet, everything but its number is
 * null.
 *
 * @param watermark its watermark in milliseconds since the epoch
 * @param offset its next source offset as of its last report
 * @param since when it last reported, milliseconds since the epoch
 */
public record SlowestSource(
        int partition,
        @Nullable Long watermark,
        @Nullable Long offset,
        @Nullable Long since) {}
