package io.tally.pipeline.control;

import org.jspecify.annotations.Nullable;

/**
 * That the watermark of partitions is to be set back.
 *
 * @param partition the only one that it is about; null for all that the instance has
 * @param watermark where to, milliseconds since the epoch; partitions whose watermark is not after that stay as they
 *     are
 * @param close whether all that is open leaves first, and what is kept of windows that have closed is forgotten
 */
public record WatermarkOrder(@Nullable Integer partition, long watermark, boolean close) {
    /** Whether it is about a partition. */
    public boolean isAbout(int number) {
        return partition == null || partition == number;
    }
}
