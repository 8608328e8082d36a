package io.tally.window;

import java.time.Duration;
import java.time.ZoneId;

/**
 * Which windows an event time belongs to: half-open intervals {@code [start, end)}, for negative times as for positive
 * ones. Times are milliseconds since the epoch. Immutable.
 *
 * <p>The engine stores rows by <em>slice</em>, the largest interval that no window border cuts; tumbling and calendar
 * windows are their own only slices.
 */
public interface Windowing {
    /** Start of the slice that {@code time} belongs to. */
    long sliceStart(long time);

    /**
     * End of the last window that contains the slice: when the watermark reaches it, the slice is of no more use.
     *
     * @param sliceStart a start of a slice
     */
    long lastWindowEnd(long sliceStart);

    /** Windows of one size, at least 1 ms, aligned to the epoch. */
    static Windowing tumbling(Duration size) {
        return new Tumbling(size.toMillis());
    }

    /** The days of a zone: from midnight to midnight, or what stands for it where a clock change leaves it out. */
    static Windowing days(ZoneId zone) {
        return new CalendarDays(zone);
    }

    /** The hours of a zone, the hour that is repeated when clocks go back twice. */
    static Windowing hours(ZoneId zone) {
        return new CalendarHours(zone.getRules());
    }
}
