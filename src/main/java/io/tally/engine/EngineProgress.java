package io.tally.engine;

/** How far an engine is, for whoever only looks. */
public interface EngineProgress {
    long watermark();

    /** Where the watermark is on its way to; no higher than {@link #watermark} if it is not behind. */
    long target();

    /** Whether rows must leave, or tombstones, before anything more is folded. */
    default boolean isBehind() {
        return target() > watermark();
    }

    /**
     * While it is behind: number of windows, sessions or totals that will have closed at the target; of slices of which
     * nothing will be left, where windows are put together from slices.
     */
    int windowsToClose();

    /** Number of rows that have left of the window that closes next, in the order in which they leave. */
    int rowsLeft();

    /** Number of (window, key) entries that are kept. */
    long openEntries();

    /** Number of windows that are to close; of slices where windows are put together from slices. */
    int openWindows();

    /** Start of the oldest open window; only if {@link #openWindows} is not 0. */
    long oldestOpenWindow();

    /** Start of the (last) window that an event of this time belongs to. */
    long windowStart(long time);

    /** Exclusive end of the (last) window that an event of this time belongs to. */
    long windowEnd(long time);
}
