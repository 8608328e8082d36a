package io.tally.pipeline.status;

import io.tally.checkpoint.CommitMetadata;
import org.jspecify.annotations.Nullable;

/**
 * A partition's numbers as of its last commit, for people and metrics.
 *
 * @param offset committed offset
 * @param metadata what was committed with it
 * @param openWindows number of open windows
 * @param openEntries number of open (window, key) entries
 * @param openBytes bytes of heap that its open windows take
 * @param maxOpenBytes bytes of heap that the open windows of all the pipeline's partitions in this process may take
 *     together
 * @param oldestWindow start of the oldest open window in milliseconds since the epoch, {@link Long#MAX_VALUE} if none
 * @param target where the watermark is going while rows leave in several transactions, milliseconds since the epoch;
 *     usually null
 * @param windowsToClose how many windows (or slices, sessions, totals) have yet to close until there; usually 0
 * @param isMerge whether it is a partition of a shuffle topic, whose records hold many of the source's
 * @param slowestSource in a merge, the source partition that holds the watermark back; null if none does
 */
public record PartitionSnapshot(
        long offset,
        CommitMetadata metadata,
        int openWindows,
        long openEntries,
        long openBytes,
        long maxOpenBytes,
        long oldestWindow,
        @Nullable Long target,
        int windowsToClose,
        boolean isMerge,
        @Nullable SlowestSource slowestSource) {
    /**
     * Offsets of the source without a record for us: control markers of transactions, and compacted records. It has no
     * meaning in a merge.
     */
    public long controlMarkers() {
        return offset - metadata.birthOffset() - metadata.ledger().records();
    }
}
