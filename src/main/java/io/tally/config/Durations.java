package io.tally.config;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.springframework.boot.convert.DurationStyle;

/** Writes durations as a user would: {@code 90s} rather than {@code PT1M30S}. */
final class Durations {
    private static final List<ChronoUnit> UNITS =
            List.of(ChronoUnit.DAYS, ChronoUnit.HOURS, ChronoUnit.MINUTES, ChronoUnit.SECONDS, ChronoUnit.MILLIS);

    private Durations() {}

    /** The duration in the largest unit that leaves no fraction; ISO-8601 where there is none of at least 1 ms. */
    static String print(Duration duration) {
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
