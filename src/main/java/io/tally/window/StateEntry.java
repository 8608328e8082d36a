package io.tally.window;

/**
 * A view of one row on its way to or from the state topic: which slice and key it belongs to, its place among the
 * slice's rows, and its accumulators. Reused for every entry: valid during the call that receives it.
 */
public final class StateEntry {
    private final Aggregates aggregates;
    private Slice slice;
    private int row;

    StateEntry(Aggregates aggregates, Slice slice) {
        this.aggregates = aggregates;
        this.slice = slice;
    }

    void at(Slice slice, int row) {
        this.slice = slice;
        this.row = row;
    }

    /** Start of the slice in milliseconds since the epoch. */
    public long sliceStart() {
        return slice.start;
    }

    /** Order of the key's first appearance in its slice, from 0. */
    public int ordinal() {
        return row;
    }

    /** The state topic's newest version of this entry covers the source up to this offset, exclusive. */
    public long appliedUpTo() {
        return slice.rows.appliedUpTo(row);
    }

    /** Whether the state topic has an older version of this entry. */
    public boolean isWritten() {
        return appliedUpTo() != RowTable.NEVER;
    }

    public void writeKey(StateOutput out) {
        out.writeRaw(slice.rows.keyBuffer(row), slice.rows.keyStart(row), slice.rows.keyLength(row));
    }

    public void writeAccumulators(StateOutput out) {
        aggregates.write(slice.rows, row, out);
    }
}
