package io.tally.config.property;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The windows in event time.
 *
 * @param type Kind of window. tumbling: windows of one size without gap or overlap, aligned to 1970-01-01T00:00:00Z.
 *     hopping: windows of one size that overlap; one begins with each advance. cumulative: windows that begin with each
 *     size and grow by the advance. session: per key, from its first record to the gap after its last. calendar: the
 *     hours, days, weeks, months, quarters or years of a time zone, clock changes included. none: running totals per
 *     key.
 * @param size Length of a window with unit, a whole number of milliseconds, at least 1ms, for example 5s. Required; it
 *     has no meaning for session and none. Calendar takes unit instead, or a size of 1h or 1d.
 * @param unit Calendar: what the windows are: hour, day, week, month, quarter or year. Default: what the size says.
 * @param firstDay Calendar, week: the day that weeks begin with. Default: monday, as in ISO-8601.
 * @param offset By how much later windows begin, with unit; earlier if negative. At most the size, or a day. Tumbling,
 *     hopping and cumulative windows are otherwise counted from 1970-01-01T00:00:00Z; the offset must be less than the
 *     size (or advance). Calendar windows, except hours, otherwise begin at midnight by the clocks of the zone; the
 *     offset must be less than a day. Default: none.
 * @param advance Hopping: how far apart windows begin, 1ms to the size. Cumulative: by how much they grow, which
 *     divides the size. Required for these.
 * @param gap Session: how long in event time a key is without records when its session ends, at least 1ms. Required for
 *     session.
 * @param ttl None: how long in event time a key may be without records before its total is dropped, at least 1ms.
 *     Default: for ever.
 * @param allowedLateness How long in event time a closed window is kept for records that come late, 0s or more. Each of
 *     them brings a corrected row. Not for none.
 * @param zone Calendar: the time zone whose hours, days or longer units are meant. Default: the zone of the timestamp.
 * @param grace How long a window waits for records that are out of order, in event time and with unit, 0s or more. Its
 *     row leaves when the partition has seen an event time at or past the window's end plus this. Records that come for
 *     it after that are late.
 */
public record WindowProperties(
        @DefaultValue("tumbling") WindowType type,
        @Nullable Duration size,
        @Nullable WindowUnit unit,
        @Nullable DayOfWeek firstDay,
        @Nullable Duration offset,
        @Nullable Duration advance,
        @Nullable Duration gap,
        @Nullable Duration ttl,
        @Nullable ZoneId zone,
        @DefaultValue("5s") Duration grace,
        @DefaultValue("0s") Duration allowedLateness) {
    /** Kind of window. */
    public enum WindowType {
        /** Windows of one size that follow one another without gap or overlap. */
        TUMBLING,
        /** Windows of one size that overlap. */
        HOPPING,
        /** Windows that begin together and grow by a step. */
        CUMULATIVE,
        /** Per key, records that come without a gap. */
        SESSION,
        /** The hours, days, weeks, months, quarters or years of a time zone. */
        CALENDAR,
        /** No windows: running totals. */
        NONE
    }

    /** What calendar windows are. */
    public enum WindowUnit {
        /** Hours of the clock. */
        HOUR,
        /** Days. */
        DAY,
        /** Weeks, from Monday unless there is another first day. */
        WEEK,
        /** Months. */
        MONTH,
        /** Three months, from January, April, July and October. */
        QUARTER,
        /** Years. */
        YEAR
    }
}
