package io.tally.window;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.ZoneId;

/**
 * Which windows an event time belongs to: half-open intervals {@code [start, end)}, for negative times as for positive
 * ones. Times are milliseconds since the epoch. Immutable.
 *
 * <p>No two windows have the same end. A <em>slice</em> is the largest interval that no window border cuts; a window
 * that overlaps no other is one slice. The default methods assume that.
 */
public interface Windowing {
    /** The end of a window that never closes. */
    long NEVER = Long.MAX_VALUE;

    /** Start of the slice that {@code time} belongs to. */
    long sliceStart(long time);

    /**
     * End of the last window that contains the slice. Once the watermark reaches it, nothing needs the slice any more.
     *
     * @param sliceStart a start of a slice
     */
    long lastWindowEnd(long sliceStart);

    /** End of a slice, which is the start of the next. */
    default long sliceEnd(long sliceStart) {
        return lastWindowEnd(sliceStart);
    }

    /** The first end of a window after {@code time}. That window contains {@code time}. */
    default long nextWindowEnd(long time) {
        return lastWindowEnd(sliceStart(time));
    }

    /**
     * Start of the window that ends there.
     *
     * @param end an end of a window
     */
    default long windowStart(long end) {
        return sliceStart(end - 1);
    }

    /** Whether a time may belong to several windows. */
    default boolean overlaps() {
        return false;
    }

    /** Windows of one size, at least 1 ms, aligned to the epoch. */
    static Windowing tumbling(Duration size) {
        return tumbling(size, Duration.ZERO);
    }

    /** Windows of one size, at least 1 ms. One of them begins at the offset from the epoch, which may be negative. */
    static Windowing tumbling(Duration size, Duration offset) {
        return new Tumbling(size.toMillis(), offset.toMillis());
    }

    /** Windows of one size. One begins with each advance, which is at least 1 ms and at most the size. */
    static Windowing hopping(Duration size, Duration advance) {
        return hopping(size, advance, Duration.ZERO);
    }

    /** The same, but one of them begins at the offset from the epoch, which may be negative. */
    static Windowing hopping(Duration size, Duration advance, Duration offset) {
        return new Hopping(size.toMillis(), advance.toMillis(), offset.toMillis());
    }

    /** Windows that begin with each whole size and grow by a step, at least 1 ms, that divides the size. */
    static Windowing cumulative(Duration size, Duration step) {
        return cumulative(size, step, Duration.ZERO);
    }

    /** The same, but some of them begin at the offset from the epoch, which may be negative. */
    static Windowing cumulative(Duration size, Duration step, Duration offset) {
        return new Cumulative(size.toMillis(), step.toMillis(), offset.toMillis());
    }

    /** The days of a zone: from midnight to midnight, or to the clock change that skips midnight. */
    static Windowing days(ZoneId zone) {
        return periods(CalendarUnit.DAY, zone, DayOfWeek.MONDAY, Duration.ZERO);
    }

    /**
     * The days, weeks, months, quarters or years of a zone.
     *
     * @param firstDay of a week
     * @param offset by how much later than at the midnight of their first day they begin, by the zone's clocks, or
     *     earlier: less than a day
     */
    static Windowing periods(CalendarUnit unit, ZoneId zone, DayOfWeek firstDay, Duration offset) {
        return new CalendarPeriods(unit, zone.getRules(), firstDay, offset);
    }

    /** The hours of a zone; the hour that clocks repeat when they go back is there twice. */
    static Windowing hours(ZoneId zone) {
        return new CalendarHours(zone.getRules());
    }
}
