package io.tally.aggregate;

import io.tally.engine.row.RowTable;
import org.jspecify.annotations.Nullable;

/**
 * A cursor on the accumulator of one aggregate in one row: some primitive cells, and some object cells for the rare
 * values that do not fit them. Rows are stored in pages (see {@link RowTable}), so an aggregate with a few cells costs
 * a few longs per key and no object at all. A new row is all zeros and nulls, so that must be an aggregate's empty
 * state.
 */
public final class Cells {
    private static final long[] NO_LONGS = new long[0];
    private static final @Nullable Object[] NO_OBJECTS = new @Nullable Object[0];

    private long[] longs = NO_LONGS;
    private @Nullable Object[] objects = NO_OBJECTS;
    private int longBase;
    private int objectBase;

    /** An empty accumulator of its own, outside any row. */
    public static Cells of(Aggregate aggregate) {
        Cells cells = new Cells();
        cells.page(new long[aggregate.longs()], new @Nullable Object[aggregate.objects()]);
        return cells;
    }

    /**
     * Goes to a page. Usually it is the same page as before, and nothing is stored: a store would cost the collector's
     * barrier.
     */
    public void page(long[] longs, @Nullable Object[] objects) {
        if (this.longs != longs) {
            this.longs = longs;
        }
        if (this.objects != objects) {
            this.objects = objects;
        }
    }

    public void at(int longBase, int objectBase) {
        this.longBase = longBase;
        this.objectBase = objectBase;
    }

    public long get(int cell) {
        return longs[longBase + cell];
    }

    public void set(int cell, long value) {
        longs[longBase + cell] = value;
    }

    public void increment(int cell) {
        longs[longBase + cell]++;
    }

    public @Nullable Object object(int cell) {
        return objects[objectBase + cell];
    }

    public void object(int cell, @Nullable Object value) {
        objects[objectBase + cell] = value;
    }
}
