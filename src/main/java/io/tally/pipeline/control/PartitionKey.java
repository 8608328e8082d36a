package io.tally.pipeline.control;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one partition holds of a key, as of one commit.
 *
 * @param partition its number in the topic that the pipeline reads
 * @param offset the committed offset: the rows count the records before it, and no others
 * @param watermark the committed watermark in milliseconds since the epoch; null before the first record
 * @param rows the oldest windows first
 * @param hasMore whether there are more rows than are shown
 */
public record PartitionKey(
        int partition, int lane, long offset, @Nullable Long watermark, List<KeyRow> rows, boolean hasMore) {
    public PartitionKey {
        rows = List.copyOf(rows);
    }
}
