package io.tally.config;

import io.tally.config.property.WindowProperties;
import io.tally.config.property.WindowProperties.WindowType;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Warns where the beginning of windows of whole days may be a surprise: they are counted from 1970 in UTC, as in all
 * stream processors.
 */
final class WindowWarnings {
    private static final long DAY = 86_400_000;
    private static final int WEEK = 7;

    private WindowWarnings() {}

    /**
     * A sentence with a remedy, or nothing. If an offset is set, also 0, there is nothing to say.
     *
     * @param zone of event times
     */
    static List<String> of(WindowProperties window, ZoneId zone, Instant now) {
        Duration step = step(window);
        if (step == null || window.offset() != null || step.toMillis() <= 0) {
            return List.of();
        }
        if (step.toMillis() % DAY != 0) {
            return DAY % step.toMillis() == 0 ? partOfADay(step, zone, now) : List.of();
        }
        long days = step.toDays();
        String size = Durations.print(step);
        String meant = "; if that is meant, set window.offset to 0s";
        if (days % WEEK == 0) {
            return List.of("a window of " + size + " begins on a Thursday at 00:00 UTC, since windows are counted from"
                    + " 1970-01-01, which was one; for weeks from Monday set window.type to calendar and window.unit to"
                    + " week, for another day window.offset (4d is Monday)" + meant);
        }
        String unit = days >= 28 && days <= 31
                ? "month"
                : days >= 90 && days <= 92 ? "quarter" : days == 365 || days == 366 ? "year" : null;
        if (unit != null) {
            return List.of("a window of " + size + " is no " + unit + " of the calendar: one begins every " + days
                    + " days from 1970-01-01 at 00:00 UTC; for a " + unit
                    + " set window.type to calendar and window.unit"
                    + " to " + unit + meant);
        }
        if (!zone.normalized().equals(ZoneOffset.UTC)) {
            return List.of("a window of " + size + " begins at 00:00 UTC, not at midnight in " + zone.getId()
                    + "; for the days of a zone set window.type to calendar and window.unit to day" + meant);
        }
        return List.of();
    }

    /**
     * Windows that divide a day, in a zone whose clocks are not whole windows away from UTC, now or after they change.
     */
    private static List<String> partOfADay(Duration step, ZoneId zone, Instant now) {
        ZoneOffsetTransition change = zone.getRules().nextTransition(now);
        long today = offset(zone.getRules().getOffset(now), step);
        long later = change == null ? today : offset(change.getOffsetAfter(), step);
        if (today == 0 && later == 0) {
            return List.of();
        }
        String remedy = step.equals(Duration.ofHours(1))
                ? "for the hours of a zone set window.type to calendar and window.unit to hour"
                : "with window.offset " + Durations.print(Duration.ofMillis(today == 0 ? later : today)) + " one does"
                        + (today == later ? "" : ", for half of the year");
        return List.of("a window of " + Durations.print(step) + " begins at 00:00 UTC, and "
                + (today != 0 && later != 0 ? "none" : "for half of the year none") + " at midnight in " + zone.getId()
                + "; "
                + remedy + "; if that is meant, set window.offset to 0s");
    }

    /** By how much later than in UTC the windows of a zone's clocks begin. */
    private static long offset(ZoneOffset zone, Duration step) {
        return Math.floorMod(-1000L * zone.getTotalSeconds(), step.toMillis());
    }

    /** How far apart windows begin; null if they are not counted from 1970. */
    private static @Nullable Duration step(WindowProperties window) {
        if (window.type() == WindowType.HOPPING) {
            return window.advance();
        }
        return window.type() == WindowType.TUMBLING || window.type() == WindowType.CUMULATIVE ? window.size() : null;
    }
}
