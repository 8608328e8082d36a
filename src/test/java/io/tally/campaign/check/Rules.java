package io.tally.campaign.check;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What a pipeline does, as far as results depend on it; times in milliseconds.
 *
 * @param size of windows; of sessions the gap
 * @param advance how far apart windows begin
 * @param lateness for how long a window that has closed is kept, for corrections
 * @param shuffled whether a key's records may be in all partitions of the source
 * @param updates whether rows leave before their window closes, too
 * @param partitions of source and sink
 */
public record Rules(
        Kind kind,
        long size,
        long advance,
        long grace,
        long lateness,
        boolean shuffled,
        boolean updates,
        int partitions) {
    /** Event times outside of these are dead letters. */
    static final long FLOOR = 946_684_800_000L;

    static final long CEILING = 4_000_000_000_000L;
    /** When a total ends. */
    static final long NEVER = Long.MAX_VALUE / 4;

    private static final ZoneId ZONE = ZoneId.of("Europe/Berlin");

    /** How records come together. */
    public enum Kind {
        TUMBLING,
        HOPPING,
        /** Windows that begin together, and end with each advance. */
        CUMULATIVE,
        /** Days of a zone. */
        CALENDAR,
        SESSION,
        /** Everything. */
        TOTAL
    }

    /** When a window begins and ends. */
    record Window(long start, long end) {
        static final Comparator<Window> IN_ORDER =
                Comparator.comparingLong(Window::end).thenComparingLong(Window::start);
    }

    /** Without allowed lateness. */
    public Rules(Kind kind, long size, long advance, long grace, boolean shuffled, boolean updates, int partitions) {
        this(kind, size, advance, grace, 0, shuffled, updates, partitions);
    }

    /** Whether a record may be in several windows. */
    boolean overlapping() {
        return kind == Kind.HOPPING || kind == Kind.CUMULATIVE;
    }

    /** Whether rows say their revision, and whether they are final. */
    public boolean revised() {
        return updates || lateness > 0;
    }

    /** Milliseconds of event time in one of the load: days are too long to wait for. */
    public long stretch() {
        return kind == Kind.CALENDAR ? 20_000 : 1;
    }

    /** Where the windows begin that a time is the first of, or before. */
    public long border(long time) {
        return kind == Kind.CALENDAR ? windowsOf(time).get(0).start() : Math.floorDiv(time, advance) * advance;
    }

    /** The windows of a time; not of sessions. */
    List<Window> windowsOf(long time) {
        List<Window> windows = new ArrayList<>();
        switch (kind) {
            case CUMULATIVE -> {
                long start = Math.floorDiv(time, size) * size;
                for (long end = start + advance; end <= start + size; end += advance) {
                    if (time < end) {
                        windows.add(new Window(start, end));
                    }
                }
            }
            case CALENDAR -> {
                LocalDate day = Instant.ofEpochMilli(time).atZone(ZONE).toLocalDate();
                windows.add(new Window(midnight(day), midnight(day.plusDays(1))));
            }
            case TOTAL -> windows.add(new Window(0, NEVER));
            default -> {
                long newest = Math.floorDiv(time, advance) * advance;
                for (long start = newest; start > time - size; start -= advance) {
                    windows.add(new Window(start, start + size));
                }
            }
        }
        return windows;
    }

    private static long midnight(LocalDate day) {
        return day.atStartOfDay(ZONE).toInstant().toEpochMilli();
    }
}
