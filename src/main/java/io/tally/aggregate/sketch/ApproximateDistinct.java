package io.tally.aggregate.sketch;

import io.tally.aggregate.Aggregate;
import io.tally.aggregate.Cells;
import io.tally.aggregate.Event;
import io.tally.aggregate.FieldValue;
import io.tally.aggregate.StateInput;
import io.tally.aggregate.StateOutput;

/** Approximate number of different texts. Object: the sketch, null for none. */
record ApproximateDistinct(int slot, int precision) implements Aggregate {
    /** A standard error of 9.8 %. */
    static final int MIN_PRECISION = 6;
    /** A standard error of 0.3 %, with 64 KB. */
    static final int MAX_PRECISION = 16;

    ApproximateDistinct {
        if (precision < MIN_PRECISION || precision > MAX_PRECISION) {
            throw new IllegalArgumentException("must be " + MIN_PRECISION + " to " + MAX_PRECISION);
        }
    }

    @Override
    public int longs() {
        return 0;
    }

    @Override
    public int objects() {
        return 1;
    }

    @Override
    public void add(Cells cells, Event event) {
        FieldValue text = event.field(slot);
        if (!text.isMissing()) {
            sketch(cells).add(text.buffer(), text.start(), text.length());
        }
    }

    @Override
    public void merge(Cells cells, Cells other) {
        if (other.object(0) instanceof DistinctSketch sketch) {
            sketch(cells).add(sketch);
        }
    }

    private DistinctSketch sketch(Cells cells) {
        DistinctSketch sketch = (DistinctSketch) cells.object(0);
        if (sketch == null) {
            sketch = new DistinctSketch(precision);
            cells.object(0, sketch);
        }
        return sketch;
    }

    @Override
    public Object result(Cells cells) {
        return cells.object(0) instanceof DistinctSketch sketch ? sketch.estimate() : 0L;
    }

    @Override
    public long heapBytes(Cells cells) {
        return cells.object(0) instanceof DistinctSketch sketch ? sketch.heapBytes() : 0;
    }

    @Override
    public void write(Cells cells, StateOutput out) {
        DistinctSketch sketch = (DistinctSketch) cells.object(0);
        (sketch == null ? new DistinctSketch(precision) : sketch).write(out);
    }

    @Override
    public void read(Cells cells, StateInput in) {
        cells.object(0, DistinctSketch.read(precision, in));
    }
}
