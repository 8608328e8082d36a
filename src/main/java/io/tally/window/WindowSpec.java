package io.tally.window;

import java.time.Duration;

/**
 * What windows a pipeline has and when their rows leave: all that makes an engine, but for the aggregates.
 *
 * @param windowing which windows an event belongs to
 * @param grace how long a window waits for records that are out of order, in event time, at least 0
 */
public record WindowSpec(Windowing windowing, Duration grace) {
    public WindowSpec {
        if (grace.isNegative()) {
            throw new IllegalArgumentException("the grace is at least 0 ms, not " + grace.toMillis() + " ms");
        }
    }

    /** Windows whose rows leave once, when they close. */
    public static WindowSpec of(Windowing windowing, Duration grace) {
        return new WindowSpec(windowing, grace);
    }

    /**
     * Makes an engine for one partition.
     *
     * @param maxEntries limit of open entries, at least 1
     */
    public WindowEngine newEngine(Aggregates aggregates, long maxEntries) {
        return new SliceEngine(windowing, grace.toMillis(), aggregates, maxEntries);
    }

    /** Makes partials for an engine of this specification. */
    public Combiner newCombiner(Aggregates aggregates) {
        return new SliceCombiner(windowing, aggregates);
    }

    /**
     * Whether an event of this time is late under this watermark, whatever its key. Where that depends on what else
     * came for the key, only an engine can tell, and the answer is no.
     */
    public boolean isLate(long time, long watermark) {
        return windowing.lastWindowEnd(windowing.sliceStart(time)) <= watermark;
    }
}
