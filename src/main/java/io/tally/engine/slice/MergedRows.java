package io.tally.engine.slice;

import io.tally.engine.row.Aggregates;
import io.tally.engine.row.KeyHash;
import io.tally.engine.row.RowTable;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The merged rows of several slices, one for each key, each with its place in a window: the slice in which its key
 * appeared first, and its number there. {@link #renew} carries over a change of one row of a slice, at the cost of that
 * row. After that, rows may be stored out of order; {@link #order} gives the right one.
 */
public final class MergedRows {
    public final RowTable rows;

    private final Aggregates aggregates;
    /** The slice whose own rows these are; null if they were merged. */
    private final @Nullable Slice slice;

    private boolean ordered = true;

    private MergedRows(RowTable rows, Aggregates aggregates, @Nullable Slice slice) {
        this.rows = rows;
        this.aggregates = aggregates;
        this.slice = slice;
    }

    /** Drops the rows, unless they belong to a slice. */
    void release() {
        if (slice == null) {
            rows.release();
        }
    }

    /** An empty set of rows. */
    static MergedRows none(Aggregates aggregates) {
        return new MergedRows(aggregates.newTable(0), aggregates, null);
    }

    /** The rows of a slice, not to be changed. */
    static MergedRows of(Slice slice, Aggregates aggregates) {
        return new MergedRows(slice.rows, aggregates, slice);
    }

    /** Merges the rows of later slices into these. */
    void add(MergedRows later) {
        for (int row = 0; row < later.rows.size(); row++) {
            byte[] key = later.rows.keyBuffer(row);
            int start = later.rows.keyStart(row);
            int length = later.rows.keyLength(row);
            int hash = KeyHash.of(key, start, length);
            int into = rows.find(hash, key, start, length);
            if (into < 0) {
                into = rows.add(hash, key, start, length, 0);
                rows.place(into, later.slice(row), later.number(row));
            }
            aggregates.merge(rows, into, later.rows, row);
        }
        ordered &= later.ordered;
    }

    /** Merges the row of one key anew, after it changed in one of the parts from which these rows were merged. */
    void renew(byte[] key, int start, int length, List<MergedRows> parts) {
        int hash = KeyHash.of(key, start, length);
        int into = rows.find(hash, key, start, length);
        boolean isNew = into < 0;
        if (isNew) {
            into = rows.add(hash, key, start, length, 0);
        } else {
            aggregates.clear(rows, into);
        }
        boolean isFirst = true;
        for (MergedRows part : parts) {
            int row = part.rows.find(hash, key, start, length);
            if (row < 0) {
                continue;
            }
            if (isFirst) {
                put(into, isNew, part.slice(row), part.number(row));
                isFirst = false;
            }
            aggregates.merge(rows, into, part.rows, row);
        }
    }

    private void put(int row, boolean isNew, long slice, long number) {
        if (isNew) {
            ordered &= row == 0 || compare(row - 1, slice, number) < 0;
        } else {
            ordered &= compare(row, slice, number) == 0;
        }
        rows.place(row, slice, number);
    }

    /** Compares a row's place. */
    private int compare(int row, long slice, long number) {
        int bySlice = Long.compare(rows.placeSlice(row), slice);
        return bySlice != 0 ? bySlice : Long.compare(rows.placeNumber(row), number);
    }

    /** The rows in the order in which they leave; null if they are stored in that order. */
    public Integer @Nullable [] order() {
        if (ordered) {
            return null;
        }
        Integer[] order = new Integer[rows.size()];
        Arrays.setAll(order, row -> row);
        // Usually nearly sorted, which a merge sort makes use of.
        Arrays.sort(order, Comparator.<Integer>comparingLong(rows::placeSlice).thenComparingLong(rows::placeNumber));
        return order;
    }

    private long slice(int row) {
        return slice == null ? rows.placeSlice(row) : slice.start;
    }

    private long number(int row) {
        return slice == null ? rows.placeNumber(row) : row;
    }
}
