package io.tally.config;

import io.tally.config.problem.Problems;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.springframework.boot.convert.DurationStyle;

/** Writes durations as a user would: {@code 90s} rather than {@code PT1M30S}. */
public final class Durations {
    private static final List<ChronoUnit> UNITS =
            List.of(ChronoUnit.DAYS, ChronoUnit.HOURS, ChronoUnit.MINUTES, ChronoUnit.SECONDS, ChronoUnit.MILLIS);

    /** Longer than makes sense, and far below any overflow. */
    private static final Duration LONGEST = Duration.ofDays(36_525);

    private Durations() {}

    /** Whether a duration is a whole number of milliseconds, and at least so long. Notes a problem if not. */
    static boolean check(String property, Duration value, Duration least, Problems problems) {
        return check(property, value, least, LONGEST, "5s", problems);
    }

    /** Whether a duration is a whole number of milliseconds in its range. Notes a problem if not. */
    static boolean check(
            String property, Duration value, Duration least, Duration most, String example, Problems problems) {
        boolean inRange = value.compareTo(least) >= 0 && value.compareTo(most) <= 0;
        if (!inRange || value.toNanosPart() % 1_000_000 != 0) {
            problems.add(
                    property,
                    print(value),
                    "must be a whole number of milliseconds from " + print(least) + " to " + print(most),
                    example);
            return false;
        }
        return true;
    }

    /**
     * The duration in the largest unit that leaves no fraction; in ISO-8601 if it is no whole number of milliseconds.
     */
    public static String print(Duration duration) {
        if (duration.isZero()) {
            return "0s";
        }
        for (ChronoUnit unit : UNITS) {
            if (isWhole(duration, unit)) {
                return DurationStyle.SIMPLE.print(duration, unit);
            }
        }
        return duration.toString();
    }

    private static boolean isWhole(Duration duration, ChronoUnit unit) {
        return duration.equals(unit.getDuration().multipliedBy(duration.dividedBy(unit.getDuration())));
    }
}
