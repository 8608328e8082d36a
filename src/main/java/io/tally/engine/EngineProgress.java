package io.tally.engine;

/** How far an engine is, for observers. */
public interface EngineProgress {
    /** Receives what is open. */
    interface WindowVisitor {
        /**
         * A window, a slice, or sessions that end together.
         *
         * @param start inclusive, milliseconds since the epoch; of sessions the earliest end in question
         * @param end exclusive, milliseconds since the epoch
         * @param keys number of its rows, at least 0
         */
        void window(long start, long end, long keys);
    }

    long watermark();

    /** Where the watermark is on its way to; no higher than {@link #watermark} if it is not behind. */
    long target();

    /** Whether rows must leave, or tombstones, before anything more is folded. */
    default boolean isBehind() {
        return target() > watermark();
    }

    /**
     * While it is behind: how many windows, sessions or totals will have closed at the target. Where windows are put
     * together from slices: how many slices no window will need any more.
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

    /**
     * Shows the oldest of what {@link #openWindows} counts, by time. Sessions are shown in at most {@code limit}
     * groups. A group is the sessions that end in one stretch of time if nothing more comes. If there are very many
     * sessions, a sample of them is counted. Totals are not shown. The cost is bounded by the limit and the sample.
     *
     * @param limit the most that are shown, at least 1
     * @return whether the numbers of keys are exact, and not of a sample
     */
    boolean showOpen(int limit, WindowVisitor visitor);

    /** Start of the (last) window that an event of this time belongs to. */
    long windowStart(long time);

    /** Exclusive end of the (last) window that an event of this time belongs to. */
    long windowEnd(long time);
}
