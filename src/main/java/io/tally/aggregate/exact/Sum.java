package io.tally.aggregate.exact;

import io.tally.aggregate.Aggregate;
import io.tally.aggregate.Cells;
import io.tally.aggregate.Event;
import io.tally.aggregate.FieldValue;
import io.tally.aggregate.StateInput;
import io.tally.aggregate.StateOutput;
import org.jspecify.annotations.Nullable;

/** Exact decimal sum. Cells: the decimal, and whether there was any number. */
record Sum(int slot) implements Aggregate {
    private static final int PRESENT = DecimalCells.LONGS;
    /** Stands in place of a decimal, which begins with 0 to 18, or 255. */
    private static final int NONE = 254;

    @Override
    public int longs() {
        return DecimalCells.LONGS + 1;
    }

    @Override
    public int objects() {
        return DecimalCells.OBJECTS;
    }

    @Override
    public void add(Cells cells, Event event) {
        FieldValue value = event.field(slot);
        if (value.isMissing()) {
            return;
        }
        DecimalCells.add(cells, 0, 0, value);
        cells.set(PRESENT, 1);
    }

    @Override
    public void merge(Cells cells, Cells other) {
        if (other.get(PRESENT) != 0) {
            DecimalCells.add(cells, 0, 0, other);
            cells.set(PRESENT, 1);
        }
    }

    @Override
    public @Nullable Object result(Cells cells) {
        return cells.get(PRESENT) == 0 ? null : DecimalCells.result(cells, 0, 0);
    }

    @Override
    public long heapBytes(Cells cells) {
        return DecimalCells.heapBytes(cells, 0);
    }

    /** Grammar: the decimal, or {@code 254} for no number yet. */
    @Override
    public void write(Cells cells, StateOutput out) {
        if (cells.get(PRESENT) == 0) {
            out.writeByte(NONE);
        } else {
            DecimalCells.write(cells, 0, 0, out);
        }
    }

    @Override
    public void read(Cells cells, StateInput in) {
        if (in.peekByte() == NONE) {
            in.readByte();
            return;
        }
        DecimalCells.read(cells, 0, 0, in);
        cells.set(PRESENT, 1);
    }
}
