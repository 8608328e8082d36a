package io.tally.pipeline.status;

import java.util.List;

/**
 * What is open in a partition, one by one, for observers.
 *
 * @param shape what each of them is
 * @param oldest the oldest, by time; for sessions all of them, in groups
 * @param more how many more there are
 * @param isExact whether the numbers of keys were counted, and not estimated from a sample of sessions
 * @param sources in a merge, how far each source partition is, by number; else empty
 */
public record OpenWindows(Shape shape, List<Span> oldest, long more, boolean isExact, List<SourceReport> sources) {
    /** What is open in a partition that is not of a merge. */
    public OpenWindows(Shape shape, List<Span> oldest, long more, boolean isExact) {
        this(shape, oldest, more, isExact, List.of());
    }

    /** The same with nothing of the source partitions. */
    public OpenWindows withoutSources() {
        return sources.isEmpty() ? this : new OpenWindows(shape, oldest, more, isExact);
    }

    /** What is open. */
    public enum Shape {
        /** Windows, which may overlap. A window closes when the watermark reaches its end. */
        WINDOWS,
        /**
         * Slices, from which overlapping windows are put together. A slice goes when the last window closes that it
         * belongs to.
         */
        SLICES,
        /** Groups of sessions by when they end if nothing more comes. */
        SESSIONS,
        /** Running totals, which do not close. */
        TOTALS,
        /** Nothing: the windows of a shuffle are open in its merge. */
        NONE
    }

    /**
     * One of them.
     *
     * @param start inclusive, milliseconds since the epoch; of sessions the earliest end in question
     * @param end exclusive, milliseconds since the epoch
     * @param keys number of rows
     */
    public record Span(long start, long end, long keys) {}
}
