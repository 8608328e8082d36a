package io.tally.pipeline;

import io.tally.engine.EngineProgress;

/**
 * How a record missed its window. All times are milliseconds since the epoch.
 *
 * @param eventTime the record's event time
 * @param windowStart inclusive start of the window missed
 * @param windowEnd exclusive end of the window missed
 * @param watermark the partition's watermark at the record: it closed the window when it reached its end
 */
public record Lateness(long eventTime, long windowStart, long windowEnd, long watermark) {
    /** The lateness of an event that the engine found late. */
    public static Lateness of(long time, EngineProgress engine) {
        return new Lateness(time, engine.windowStart(time), engine.windowEnd(time), engine.watermark());
    }

    /** How long the window had been closed, in milliseconds of event time. */
    public long lateBy() {
        return watermark - windowEnd;
    }
}
