package io.tally.command.audit;

import io.tally.command.recount.RowFold;
import io.tally.engine.WindowResult;
import io.tally.window.TimeWindow;
import java.util.List;

/**
 * A row as the second reading makes it, with the coordinates of its first and last record, and as far as it was found
 * in the sinks.
 */
class CountedRow extends KeyBytes {
    /** Makes the row of a revision as it is now. */
    interface Results {
        /** The row; for pipelines whose rows leave once, without a revision. */
        WindowResult of(long revision);
    }

    /** About what an object takes of the heap with its place in a map, beside key and results. */
    static final long HEAP_BYTES = 208;

    /** {@link #unshownSince} if everything was shown. */
    static final long ALL_SHOWN = Long.MAX_VALUE;

    /** The partition whose watermark closes the row's window: of the source, or of the shuffle topic. */
    final int partition;

    final RowFold results;
    /** What it takes of the heap. */
    long heapBytes;

    long records;
    int firstPartition;
    long firstOffset;
    int lastPartition;
    long lastOffset;

    /** How many rows of it have left. */
    long revision;
    /** Whether its window has closed. */
    boolean isClosed;
    /** Whether there is a record of which it cannot be known whether it was counted. */
    boolean isUndecided;
    /** A hash of the last row that has left, in all sinks. */
    long shown;
    /** Where that is in the first sink. */
    long place = SinkIndex.NOWHERE;
    /** The offset of the first record that no row has shown. */
    long unshownSince = ALL_SHOWN;
    /** The windows of other rows that the last row replaced. */
    List<TimeWindow> replaced = List.of();

    CountedRow(byte[] key, int partition, RowFold results) {
        show(key, 0, key.length);
        this.partition = partition;
        this.results = results;
    }

    final void counted(int source, long offset) {
        if (records++ == 0) {
            firstPartition = source;
            firstOffset = offset;
        }
        lastPartition = source;
        lastOffset = offset;
    }

    /** Counts what a later row has, which becomes part of this one. */
    final void addRecords(CountedRow later) {
        records += later.records;
        if (later.firstOffset < firstOffset) {
            firstPartition = later.firstPartition;
            firstOffset = later.firstOffset;
        }
    }

    /** Which records made it, in words. */
    final String origin(String topic) {
        return records + (records == 1 ? " event, " : " events, ") + topic + "-" + firstPartition + "@" + firstOffset
                + (records == 1 ? "" : " to " + topic + "-" + lastPartition + "@" + lastOffset);
    }
}
