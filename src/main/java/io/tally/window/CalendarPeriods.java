package io.tally.window;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;

/**
 * The days, weeks, months, quarters or years of a zone. Each begins when the zone's clocks show its beginning: the
 * first time if they show it twice, and with the change of the clocks if they skip it. So a day has 24 hours or, when
 * clocks change, 23, 25 or whatever the zone's history knows.
 *
 * @param offset of the beginning from midnight, by the zone's clocks, less than a day
 */
record CalendarPeriods(CalendarUnit unit, ZoneRules rules, DayOfWeek firstDay, Duration offset) implements Windowing {
    CalendarPeriods {
        if (offset.abs().compareTo(Duration.ofDays(1)) >= 0) {
            throw new IllegalArgumentException("a day begins less than a day from midnight, not " + offset);
        }
    }

    @Override
    public long sliceStart(long time) {
        return start(period(time));
    }

    @Override
    public long lastWindowEnd(long sliceStart) {
        return start(unit.plus(period(sliceStart), 1));
    }

    /** The first day of the period that a time belongs to. */
    private LocalDate period(long time) {
        Instant instant = Instant.ofEpochMilli(time);
        LocalDateTime clock = LocalDateTime.ofInstant(instant, rules.getOffset(instant));
        LocalDate period = unit.firstOf(clock.minus(offset).toLocalDate(), firstDay);
        // Clocks that go back over a border show the end of a period again after the next has begun.
        LocalDate next = unit.plus(period, 1);
        while (start(next) <= time) {
            period = next;
            next = unit.plus(period, 1);
        }
        return period;
    }

    private long start(LocalDate first) {
        LocalDateTime clock = first.atStartOfDay().plus(offset);
        ZoneOffsetTransition change = rules.getTransition(clock);
        if (change != null && change.isGap()) {
            return change.toEpochSecond() * 1000;
        }
        // Of two offsets, the first is the one before the change.
        ZoneOffset at = rules.getValidOffsets(clock).get(0);
        return clock.toInstant(at).toEpochMilli();
    }
}
