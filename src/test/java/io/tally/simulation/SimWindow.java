package io.tally.simulation;

import io.tally.window.CalendarUnit;
import io.tally.window.Emission;
import io.tally.window.WindowKind;
import io.tally.window.WindowSpec;
import io.tally.window.Windowing;
import java.math.BigInteger;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * The windows of a pipeline in the simulation, and where they are, said as plainly as possible.
 *
 * @param size of windows in milliseconds; the gap of sessions, the ttl of totals
 * @param advance of hopping windows and step of cumulative ones
 * @param lateness that is allowed
 * @param offset of the borders from where they are otherwise; by the clocks, in whole hours, where there is a calendar
 */
public record SimWindow(Kind kind, long size, long advance, long lateness, boolean updates, long offset) {
    static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    public enum Kind {
        TUMBLING,
        HOPPING,
        CUMULATIVE,
        DAYS,
        WEEKS,
        MONTHS,
        HOURS,
        SESSION,
        TOTAL,
        TOTAL_WITH_TTL
    }

    /** A window. */
    public record Span(long start, long end) {}

    public SimWindow(Kind kind, long size, long advance, long lateness, boolean updates) {
        this(kind, size, advance, lateness, updates, 0);
    }

    public static SimWindow tumbling(long size) {
        return new SimWindow(Kind.TUMBLING, size, size, 0, false);
    }

    WindowSpec spec(long grace) {
        Duration shift = Duration.ofMillis(offset);
        WindowKind of = switch (kind) {
            case TUMBLING -> new WindowKind.Aligned(Windowing.tumbling(Duration.ofMillis(size), shift));
            case HOPPING ->
                new WindowKind.Aligned(Windowing.hopping(Duration.ofMillis(size), Duration.ofMillis(advance), shift));
            case CUMULATIVE ->
                new WindowKind.Aligned(
                        Windowing.cumulative(Duration.ofMillis(size), Duration.ofMillis(advance), shift));
            case DAYS -> periods(CalendarUnit.DAY);
            case WEEKS -> periods(CalendarUnit.WEEK);
            case MONTHS -> periods(CalendarUnit.MONTH);
            case HOURS -> new WindowKind.Aligned(Windowing.hours(BERLIN));
            case SESSION -> new WindowKind.Sessions(Duration.ofMillis(size));
            case TOTAL -> new WindowKind.Totals(null);
            case TOTAL_WITH_TTL -> new WindowKind.Totals(Duration.ofMillis(size));
        };
        return new WindowSpec(
                of, Duration.ofMillis(grace), Duration.ofMillis(lateness), updates ? Emission.UPDATES : Emission.FINAL);
    }

    boolean hasCalendar() {
        return switch (kind) {
            case DAYS, WEEKS, MONTHS, HOURS -> true;
            default -> false;
        };
    }

    private WindowKind periods(CalendarUnit unit) {
        return new WindowKind.Aligned(Windowing.periods(unit, BERLIN, DayOfWeek.SUNDAY, Duration.ofMillis(offset)));
    }

    /** What gives the state its meaning. */
    String structure() {
        boolean revised = updates || lateness > 0;
        boolean sessions = kind == Kind.SESSION && lateness > 0;
        return kind + " " + offset + " " + size + " " + advance + " " + lateness + " " + revised + " "
                + (sessions ? updates : "");
    }

    public SimWindow withUpdates(boolean other) {
        return new SimWindow(kind, size, advance, lateness, other, offset);
    }

    NaiveModel newModel() {
        if (kind == Kind.SESSION || kind == Kind.TOTAL_WITH_TTL) {
            return new SessionModel();
        }
        return updates || lateness > 0 ? new RevisionModel() : new SliceModel();
    }

    /** The windows that a time belongs to, by their ends. */
    public List<Span> windowsOf(long time) {
        List<Span> spans = new ArrayList<>();
        switch (kind) {
            case TUMBLING -> {
                long start = Math.floorDiv(time - offset, size) * size + offset;
                spans.add(new Span(start, start + size));
            }
            case HOPPING -> {
                long start = Math.floorDiv(time - size - offset, advance) * advance + offset;
                for (; start <= time; start += advance) {
                    if (time < start + size) {
                        spans.add(new Span(start, start + size));
                    }
                }
            }
            case CUMULATIVE -> {
                long start = Math.floorDiv(time - offset, size) * size + offset;
                for (long end = start + advance; end <= start + size; end += advance) {
                    if (time < end) {
                        spans.add(new Span(start, end));
                    }
                }
            }
            case DAYS -> {
                LocalDate day = LocalDate.ofInstant(Instant.ofEpochMilli(time), BERLIN);
                spans.add(lastThatHasBegun(time, day.plusDays(2), ChronoUnit.DAYS));
            }
            case WEEKS -> {
                LocalDate day = LocalDate.ofInstant(Instant.ofEpochMilli(time), BERLIN);
                LocalDate sunday = day.minusDays(day.getDayOfWeek().getValue() % 7);
                spans.add(lastThatHasBegun(time, sunday.plusWeeks(2), ChronoUnit.WEEKS));
            }
            case MONTHS -> {
                LocalDate first =
                        LocalDate.ofInstant(Instant.ofEpochMilli(time), BERLIN).withDayOfMonth(1);
                spans.add(lastThatHasBegun(time, first.plusMonths(2), ChronoUnit.MONTHS));
            }
            case HOURS -> {
                long start = Instant.ofEpochMilli(time)
                        .atZone(BERLIN)
                        .truncatedTo(ChronoUnit.HOURS)
                        .toInstant()
                        .toEpochMilli();
                spans.add(new Span(start, start + 3_600_000));
            }
            case SESSION -> spans.add(new Span(time, time + size));
            case TOTAL_WITH_TTL -> spans.add(new Span(0, time + size));
            case TOTAL -> spans.add(new Span(0, Long.MAX_VALUE));
        }
        return spans;
    }

    private Span lastThatHasBegun(long time, LocalDate after, ChronoUnit unit) {
        LocalDate first = after;
        while (begin(first) > time) {
            first = first.minus(1, unit);
        }
        return new Span(begin(first), begin(first.plus(1, unit)));
    }

    private long begin(LocalDate day) {
        return day.atStartOfDay()
                .plus(Duration.ofMillis(offset))
                .atZone(BERLIN)
                .toInstant()
                .toEpochMilli();
    }

    /** Start of the longest interval around a time that no window border cuts. */
    long sliceOf(long time) {
        return switch (kind) {
            case HOPPING -> {
                long slice = BigInteger.valueOf(size)
                        .gcd(BigInteger.valueOf(advance))
                        .longValue();
                yield Math.floorDiv(time - offset, slice) * slice + offset;
            }
            case CUMULATIVE -> Math.floorDiv(time - offset, advance) * advance + offset;
            default -> windowsOf(time).get(0).start;
        };
    }

    /** How the state topic names a window whose rows it has: by its last slice, since ends are unique. */
    long name(Span window) {
        return window.end == Long.MAX_VALUE ? 0 : sliceOf(window.end - 1);
    }
}
