package io.tally.aggregate.exact;

import io.tally.aggregate.Aggregate;
import io.tally.aggregate.Cells;
import io.tally.aggregate.Event;
import io.tally.aggregate.FieldValue;
import io.tally.aggregate.StateInput;
import io.tally.aggregate.StateOutput;
import org.jspecify.annotations.Nullable;

/**
 * Smallest or greatest number. Equal numbers may be written differently (1 and 1.0); the one with the fewest digits
 * after the point wins, so that the result does not depend on their order. Cells: the decimal, and whether there is
 * one.
 */
record Extreme(int slot, int sign) implements Aggregate {
    private static final int PRESENT = DecimalCells.LONGS;

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
        if (cells.get(PRESENT) == 0
                || isBetter(cells, DecimalCells.compare(cells, 0, 0, value), DecimalCells.scale(value))) {
            DecimalCells.set(cells, 0, 0, value);
            cells.set(PRESENT, 1);
        }
    }

    @Override
    public void merge(Cells cells, Cells other) {
        if (other.get(PRESENT) != 0
                && (cells.get(PRESENT) == 0
                        || isBetter(
                                cells, DecimalCells.compare(cells, 0, 0, other), DecimalCells.scale(other, 0, 0)))) {
            DecimalCells.copy(cells, 0, 0, other);
            cells.set(PRESENT, 1);
        }
    }

    /** Whether a number replaces the one in the cells, by how they compare and by its scale. */
    private boolean isBetter(Cells cells, int order, int scale) {
        return order == 0 ? scale < DecimalCells.scale(cells, 0, 0) : order * sign < 0;
    }

    @Override
    public @Nullable Object result(Cells cells) {
        return cells.get(PRESENT) == 0 ? null : DecimalCells.result(cells, 0, 0);
    }

    @Override
    public long heapBytes(Cells cells) {
        return DecimalCells.heapBytes(cells, 0);
    }

    @Override
    public void write(Cells cells, StateOutput out) {
        out.writeByte((int) cells.get(PRESENT));
        if (cells.get(PRESENT) != 0) {
            DecimalCells.write(cells, 0, 0, out);
        }
    }

    @Override
    public void read(Cells cells, StateInput in) {
        if (in.readFlag()) {
            cells.set(PRESENT, 1);
            DecimalCells.read(cells, 0, 0, in);
        }
    }
}
