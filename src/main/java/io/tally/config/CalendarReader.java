package io.tally.config;

import io.tally.config.problem.Problems;
import io.tally.config.property.WindowProperties;
import io.tally.config.property.WindowProperties.WindowType;
import io.tally.config.property.WindowProperties.WindowUnit;
import io.tally.window.CalendarUnit;
import io.tally.window.Windowing;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Windows of type calendar: what they are, and where they begin. */
final class CalendarReader {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);

    /** The units that usually have one length. */
    private static final Map<WindowUnit, Duration> SIZES =
            Map.of(WindowUnit.HOUR, HOUR, WindowUnit.DAY, DAY, WindowUnit.WEEK, Duration.ofDays(7));

    private final WindowProperties window;
    private final ZoneId zone;
    private final Problems problems;

    CalendarReader(WindowProperties window, ZoneId zone, Problems problems) {
        this.window = window;
        this.zone = zone;
        this.problems = problems;
    }

    /** The windows, null if there was a problem with them. */
    @Nullable
    Windowing read() {
        WindowUnit unit = readUnit();
        boolean dayFits = checkFirstDay(unit);
        boolean offsetFits = checkOffset(unit);
        if (unit == null || !dayFits || !offsetFits) {
            return null;
        }
        return switch (unit) {
            case HOUR -> Windowing.hours(zone);
            case DAY -> periods(CalendarUnit.DAY);
            case WEEK -> periods(CalendarUnit.WEEK);
            case MONTH -> periods(CalendarUnit.MONTH);
            case QUARTER -> periods(CalendarUnit.QUARTER);
            case YEAR -> periods(CalendarUnit.YEAR);
        };
    }

    private Windowing periods(CalendarUnit unit) {
        return Windowing.periods(unit, zone, firstDay(window), offset(window));
    }

    /** The unit of the windows; null if they are of another type, or if no unit fits. */
    static @Nullable WindowUnit unit(WindowProperties window) {
        if (window.type() != WindowType.CALENDAR) {
            return null;
        }
        if (window.unit() != null || window.size() == null) {
            return window.unit();
        }
        return window.size().equals(HOUR) ? WindowUnit.HOUR : window.size().equals(DAY) ? WindowUnit.DAY : null;
    }

    static DayOfWeek firstDay(WindowProperties window) {
        return window.firstDay() == null ? DayOfWeek.MONDAY : window.firstDay();
    }

    /**
     * How much later than midnight the windows begin. For days it is never negative: an offset that is longer by a day
     * means the same windows.
     */
    static Duration offset(WindowProperties window) {
        Duration offset = window.offset() == null ? Duration.ZERO : window.offset();
        return unit(window) == WindowUnit.DAY && offset.isNegative() ? offset.plus(DAY) : offset;
    }

    private @Nullable WindowUnit readUnit() {
        Duration size = window.size();
        WindowUnit unit = unit(window);
        if (unit == null && size == null) {
            problems.add(
                    "window.unit",
                    null,
                    "is required for windows of type calendar: hour, day, week, month, quarter or year",
                    "day");
        } else if (unit == null && size != null) {
            problems.add(
                    "window.size",
                    Durations.print(size),
                    "must be 1h or 1d for windows of type calendar; have window.unit in its place for week, month, quarter"
                            + " or year",
                    "1d");
        } else if (unit != null && size != null && !size.equals(SIZES.get(unit))) {
            problems.add(
                    "window.size",
                    Durations.print(size),
                    "has no meaning beside window.unit, which is " + unit.name().toLowerCase(Locale.ROOT)
                            + ": windows are one of it; leave the size out (an empty value takes back a default)",
                    null);
            return null;
        }
        return unit;
    }

    private boolean checkFirstDay(@Nullable WindowUnit unit) {
        DayOfWeek day = window.firstDay();
        if (day == null || unit == null || unit == WindowUnit.WEEK) {
            return true;
        }
        problems.add("window.first-day", day.name().toLowerCase(Locale.ROOT), "is for window.unit week", null);
        return false;
    }

    private boolean checkOffset(@Nullable WindowUnit unit) {
        Duration offset = window.offset();
        if (offset == null || unit == null) {
            return true;
        }
        if (unit == WindowUnit.HOUR) {
            problems.add(
                    "window.offset",
                    Durations.print(offset),
                    "is for days and longer; hours of the calendar begin when the clock shows them (have windows of type"
                            + " tumbling for others)",
                    null);
            return false;
        }
        Duration most = DAY.minusMillis(1);
        return Durations.check("window.offset", offset, most.negated(), most, "18h", problems);
    }
}
