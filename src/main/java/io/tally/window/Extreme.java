package io.tally.window;

import org.jspecify.annotations.Nullable;

/**
 * Smallest or greatest number. Equal numbers may be written differently (1 and 1.0): the one met first stays. Cells:
 * the decimal, and whether there is one.
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
        if (cells.get(PRESENT) == 0 || DecimalCells.compare(cells, 0, 0, value) * sign < 0) {
            DecimalCells.set(cells, 0, 0, value);
            cells.set(PRESENT, 1);
        }
    }

    @Override
    public void merge(Cells cells, Cells other) {
        if (other.get(PRESENT) != 0
                && (cells.get(PRESENT) == 0 || DecimalCells.compare(cells, 0, 0, other) * sign < 0)) {
            DecimalCells.copy(cells, 0, 0, other);
            cells.set(PRESENT, 1);
        }
    }

    @Override
    public @Nullable Object result(Cells cells) {
        return cells.get(PRESENT) == 0 ? null : DecimalCells.result(cells, 0, 0);
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
