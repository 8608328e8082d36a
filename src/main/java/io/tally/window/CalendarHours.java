package io.tally.window;

import java.time.Instant;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;

/**
 * The hours of a zone's clocks. A change of the clocks begins a new hour. So an hour in which clocks change is shorter,
 * and an hour that clocks repeat is two windows.
 */
record CalendarHours(ZoneRules rules) implements Windowing {
    private static final long HOUR = 3_600_000;

    @Override
    public long sliceStart(long time) {
        Instant instant = Instant.ofEpochMilli(time);
        long offset = rules.getOffset(instant).getTotalSeconds() * 1000L;
        long start = time - Math.floorMod(time + offset, HOUR);
        ZoneOffsetTransition change = rules.previousTransition(instant.plusMillis(1));
        return change == null ? start : Math.max(start, change.toEpochSecond() * 1000);
    }

    @Override
    public long lastWindowEnd(long sliceStart) {
        Instant instant = Instant.ofEpochMilli(sliceStart);
        long offset = rules.getOffset(instant).getTotalSeconds() * 1000L;
        long end = sliceStart - Math.floorMod(sliceStart + offset, HOUR) + HOUR;
        ZoneOffsetTransition change = rules.nextTransition(instant);
        return change == null ? end : Math.min(end, change.toEpochSecond() * 1000);
    }
}
