package io.tally.pipeline.control;

import org.jspecify.annotations.Nullable;

/**
 * The order to set the watermark of partitions back.
 *
 * @param partition the only one that it is about; null for all that the instance has
 * @param watermark where to, milliseconds since the epoch; partitions whose watermark is not after that stay as they
 *     are
 * @param close whether all that is open leaves first, and what is kept of windows that have closed is forgotten
 */
public record WatermarkOrder(@Nullable Integer partition, long watermark, boolean close) {
    /** Whether it concerns a partition. */
    public boolean isAbout(int number) {
        return partition == null || partition == number;
    }
}
