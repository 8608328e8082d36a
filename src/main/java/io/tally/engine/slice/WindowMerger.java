package io.tally.engine.slice;

import io.tally.engine.row.Aggregates;
import io.tally.window.Cumulative;
import io.tally.window.Hopping;
import io.tally.window.Windowing;

/**
 * Merges the rows of an overlapping window from those of its slices. Keys come in the order of the first slice in which
 * they appear, then of their appearance there. So the order depends on the slices alone, not on what was merged before.
 *
 * <p>What it keeps from one window to the next is derived from the slices. When a row of a slice changes, it must be
 * told.
 */
public interface WindowMerger {
    static WindowMerger of(Windowing windowing, Aggregates aggregates) {
        if (windowing instanceof Hopping hopping) {
            return new SlidingMerger(hopping, aggregates);
        }
        if (windowing instanceof Cumulative cumulative) {
            return new GrowingMerger(cumulative, aggregates);
        }
        throw new IllegalArgumentException("nobody knows how " + windowing + " overlap");
    }

    /**
     * The rows of the window that ends there. They must not be changed, and are valid until the next call. Slices
     * before the window may be gone.
     */
    MergedRows merge(OpenSlices open, long end);

    /** Notes that a window has left, so that what only it and earlier windows need can be dropped. */
    void release(long end);

    /** Notes that a row has changed, or is new, in a slice that may be part of a merged window. */
    void changed(OpenSlices open, Slice slice, int row);
}
