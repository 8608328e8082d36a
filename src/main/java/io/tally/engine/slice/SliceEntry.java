package io.tally.engine.slice;

import io.tally.aggregate.StateInput;
import io.tally.aggregate.StateOutput;
import io.tally.engine.row.Aggregates;
import io.tally.engine.row.StateEntry;

/** The view of a slice's row; in front of the accumulators comes its revision where rows have one. */
public final class SliceEntry implements StateEntry {
    private final Aggregates aggregates;
    private final boolean revised;
    private Slice slice;
    private int row;

    public SliceEntry(Aggregates aggregates, boolean revised) {
        this.aggregates = aggregates;
        this.revised = revised;
        this.slice = new Slice(0, 0, aggregates.newTable(revised ? RevisionColumns.COUNT : 0));
    }

    public SliceEntry at(Slice slice, int row) {
        this.slice = slice;
        this.row = row;
        return this;
    }

    @Override
    public long sliceStart() {
        return slice.start;
    }

    @Override
    public int ordinal() {
        return row;
    }

    @Override
    public long appliedUpTo() {
        return slice.rows.appliedUpTo(row);
    }

    @Override
    public long revision() {
        return revised ? slice.rows.column(row, RevisionColumns.REVISION) : 0;
    }

    @Override
    public long storedRevision() {
        return revised ? slice.rows.column(row, RevisionColumns.STORED) : 0;
    }

    @Override
    public void writeKey(StateOutput out) {
        out.writeRaw(slice.rows.keyBuffer(row), slice.rows.keyStart(row), slice.rows.keyLength(row));
    }

    @Override
    public void writeAccumulators(StateOutput out) {
        if (revised) {
            out.writeUnsigned(revision());
        }
        aggregates.write(slice.rows, row, out);
    }

    /** Reads what {@link #writeAccumulators} wrote, to the end, into this row. */
    public void readAccumulators(StateInput in) {
        if (revised) {
            long revision = in.readUnsigned();
            slice.rows.column(row, RevisionColumns.REVISION, revision);
            slice.rows.column(row, RevisionColumns.STORED, revision);
        }
        aggregates.read(slice.rows, row, in);
        in.expectEnd();
    }
}
