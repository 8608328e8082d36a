package io.tally.window;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.temporal.TemporalAdjusters;

/** What a calendar divides time into: whole days, one after the other. */
public enum CalendarUnit {
    DAY,
    WEEK,
    MONTH,
    /** Three months, from January, April, July and October. */
    QUARTER,
    YEAR;

    /** The first day of the unit that a day belongs to. */
    LocalDate firstOf(LocalDate day, DayOfWeek firstDayOfWeek) {
        return switch (this) {
            case DAY -> day;
            case WEEK -> day.with(TemporalAdjusters.previousOrSame(firstDayOfWeek));
            case MONTH -> day.withDayOfMonth(1);
            case QUARTER -> day.withDayOfMonth(1).minusMonths((day.getMonthValue() - 1) % 3);
            case YEAR -> day.withDayOfYear(1);
        };
    }

    /** The first day of a later unit, or of an earlier one. */
    LocalDate plus(LocalDate first, int units) {
        return switch (this) {
            case DAY -> first.plusDays(units);
            case WEEK -> first.plusWeeks(units);
            case MONTH -> first.plusMonths(units);
            case QUARTER -> first.plusMonths(3L * units);
            case YEAR -> first.plusYears(units);
        };
    }
}
