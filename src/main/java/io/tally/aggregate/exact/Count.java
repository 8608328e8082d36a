package io.tally.aggregate.exact;

import io.tally.aggregate.Aggregate;
import io.tally.aggregate.Cells;
import io.tally.aggregate.Event;
import io.tally.aggregate.StateInput;
import io.tally.aggregate.StateOutput;

/** Number of events. */
record Count() implements Aggregate {
    @Override
    public int longs() {
        return 1;
    }

    @Override
    public int objects() {
        return 0;
    }

    @Override
    public void add(Cells cells, Event event) {
        cells.increment(0);
    }

    @Override
    public void merge(Cells cells, Cells other) {
        cells.set(0, cells.get(0) + other.get(0));
    }

    @Override
    public Object result(Cells cells) {
        return cells.get(0);
    }

    @Override
    public void write(Cells cells, StateOutput out) {
        out.writeUnsigned(cells.get(0));
    }

    @Override
    public void read(Cells cells, StateInput in) {
        cells.set(0, in.readCount());
    }
}
