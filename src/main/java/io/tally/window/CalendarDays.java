package io.tally.window;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;

/** The days of a zone, of 24 hours or, when clocks change, of 23, 25 or whatever the zone's history knows. */
record CalendarDays(ZoneId zone) implements Windowing {
    @Override
    public long sliceStart(long time) {
        return start(day(time));
    }

    @Override
    public long lastWindowEnd(long sliceStart) {
        return start(day(sliceStart).plusDays(1));
    }

    private LocalDate day(long time) {
        LocalDate date = LocalDate.ofInstant(Instant.ofEpochMilli(time), zone);
        LocalDate next = date.plusDays(1);
        // Clocks that go back over midnight repeat the end of a day after the next one has begun.
        return start(next) <= time ? next : date;
    }

    private long start(LocalDate date) {
        return date.atStartOfDay(zone).toInstant().toEpochMilli();
    }
}
