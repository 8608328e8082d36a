package io.tally.command.audit;

import io.tally.engine.row.Accumulators;
import org.jspecify.annotations.Nullable;

/** A row as the second reading makes it, with the coordinates of its first and last record. */
final class ExpectedRow extends KeyBytes {
    /** About what an object takes of the heap with its place in a map, beside key and accumulators. */
    static final long HEAP_BYTES = 176;

    /** The partition whose watermark closes the row's window: of the source, or of the shuffle topic. */
    final int partition;

    final Accumulators accumulators;
    /** The row of the same window and key in another partition. */
    final @Nullable ExpectedRow next;

    long records;
    int firstPartition;
    long firstOffset;
    int lastPartition;
    long lastOffset;
    /** How often it was found in a sink. */
    int seen;

    ExpectedRow(byte[] key, int partition, Accumulators accumulators, @Nullable ExpectedRow next) {
        show(key, 0, key.length);
        this.partition = partition;
        this.accumulators = accumulators;
        this.next = next;
    }

    void counted(int source, long offset) {
        if (records++ == 0) {
            firstPartition = source;
            firstOffset = offset;
        }
        lastPartition = source;
        lastOffset = offset;
    }

    /** Which records made it, in words. */
    String origin(String topic) {
        return records + (records == 1 ? " event, " : " events, ") + topic + "-" + firstPartition + "@" + firstOffset
                + (records == 1 ? "" : " to " + topic + "-" + lastPartition + "@" + lastOffset);
    }
}
