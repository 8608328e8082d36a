package io.tally.window;

import org.jspecify.annotations.Nullable;

/**
 * Reads accumulators into a row of their own first, so that damaged ones change nothing, and merges them from there.
 */
final class PartialReader {
    private static final byte[] ANY_KEY = {0};

    private final Aggregates aggregates;
    private final RowTable scratch;
    private final int row;

    PartialReader(Aggregates aggregates) {
        this.aggregates = aggregates;
        scratch = aggregates.newTable();
        row = scratch.add(0, ANY_KEY, 0, ANY_KEY.length, 0);
    }

    /** @throws IllegalStateException if the accumulators are damaged */
    void read(Partial partial) {
        scratch.clear(row);
        aggregates.read(scratch, row, partial.accumulators());
    }

    void mergeInto(RowTable rows, int into) {
        aggregates.merge(rows, into, scratch, row);
    }

    @Nullable
    Object[] results() {
        return aggregates.results(scratch, row);
    }
}
