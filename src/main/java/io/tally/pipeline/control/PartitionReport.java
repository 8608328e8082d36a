package io.tally.pipeline.control;

import org.jspecify.annotations.Nullable;

/**
 * What a request did with one partition.
 *
 * @param partition its number in the topic that the pipeline reads
 * @param text why it was not done, or what follows from it; null if there is nothing to say
 * @param offset the committed offset, null if nothing is known to be committed
 * @param recoveryOffset where a replay would begin; the committed offset itself if there is nothing to replay
 * @param watermark the committed watermark in milliseconds since the epoch; null before the first record
 */
public record PartitionReport(
        int partition,
        Outcome outcome,
        @Nullable String text,
        @Nullable Long offset,
        @Nullable Long recoveryOffset,
        @Nullable Long watermark) {}
