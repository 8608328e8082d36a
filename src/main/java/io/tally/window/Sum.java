package io.tally.window;

/** Exact decimal sum. Cells: the decimal. */
record Sum(int slot) implements Aggregate {
    @Override
    public int longs() {
        return DecimalCells.LONGS;
    }

    @Override
    public int objects() {
        return DecimalCells.OBJECTS;
    }

    @Override
    public void add(Cells cells, Event event) {
        DecimalCells.add(cells, 0, 0, event.field(slot));
    }

    @Override
    public void merge(Cells cells, Cells other) {
        DecimalCells.add(cells, 0, 0, other);
    }

    @Override
    public Object result(Cells cells) {
        return DecimalCells.result(cells, 0, 0);
    }

    @Override
    public long heapBytes(Cells cells) {
        return DecimalCells.heapBytes(cells, 0);
    }

    @Override
    public void write(Cells cells, StateOutput out) {
        DecimalCells.write(cells, 0, 0, out);
    }

    @Override
    public void read(Cells cells, StateInput in) {
        DecimalCells.read(cells, 0, 0, in);
    }
}
