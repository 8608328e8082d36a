package io.tally.engine.slice;

import io.tally.engine.row.Aggregates;
import io.tally.window.Cumulative;
import io.tally.window.Hopping;
import io.tally.window.Windowing;

/**
 * Puts the rows of an overlapping window together from those of its slices: in the order of the first slice that a key
 * appears in, and of its appearance there, so that it depends on the slices alone and not on what was merged before.
 *
 * <p>What it keeps from one window to the next is derived, and follows when a row of a slice changes that is in it.
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
     * The rows of the window that ends there, not to be changed, and valid until the next call; the slices are in the
     * order of time, and those before the window may be gone.
     */
    MergedRows merge(OpenSlices open, long end);

    /** Takes note that a window has left: what only it and earlier ones need is of no more use. */
    void release(long end);

    /** Takes note that a row has changed, or is new, of a slice that may be in a window that was merged. */
    void changed(OpenSlices open, Slice slice, int row);
}
