package io.tally.pipeline;

import io.tally.window.Emission;
import io.tally.window.WindowKind;
import io.tally.window.WindowSpec;
import io.tally.window.Windowing;
import java.math.BigInteger;
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
 */
record SimWindow(Kind kind, long size, long advance, long lateness, boolean updates) {
    static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    enum Kind {
        TUMBLING,
        HOPPING,
        CUMULATIVE,
        DAYS,
        HOURS,
        SESSION,
        TOTAL,
        TOTAL_WITH_TTL
    }

    /** A window. */
    record Span(long start, long end) {}

    static SimWindow tumbling(long size) {
        return new SimWindow(Kind.TUMBLING, size, size, 0, false);
    }

    WindowSpec spec(long grace) {
        WindowKind of = switch (kind) {
            case TUMBLING -> new WindowKind.Aligned(Windowing.tumbling(Duration.ofMillis(size)));
            case HOPPING ->
                new WindowKind.Aligned(Windowing.hopping(Duration.ofMillis(size), Duration.ofMillis(advance)));
            case CUMULATIVE ->
                new WindowKind.Aligned(Windowing.cumulative(Duration.ofMillis(size), Duration.ofMillis(advance)));
            case DAYS -> new WindowKind.Aligned(Windowing.days(BERLIN));
            case HOURS -> new WindowKind.Aligned(Windowing.hours(BERLIN));
            case SESSION -> new WindowKind.Sessions(Duration.ofMillis(size));
            case TOTAL -> new WindowKind.Totals(null);
            case TOTAL_WITH_TTL -> new WindowKind.Totals(Duration.ofMillis(size));
        };
        return new WindowSpec(
                of, Duration.ofMillis(grace), Duration.ofMillis(lateness), updates ? Emission.UPDATES : Emission.FINAL);
    }

    /** What gives the state its meaning. */
    String structure() {
        boolean revised = updates || lateness > 0;
        boolean sessions = kind == Kind.SESSION && lateness > 0;
        return kind + " " + size + " " + advance + " " + lateness + " " + revised + " " + (sessions ? updates : "");
    }

    SimWindow withUpdates(boolean other) {
        return new SimWindow(kind, size, advance, lateness, other);
    }

    NaiveModel newModel() {
        if (kind == Kind.SESSION || kind == Kind.TOTAL_WITH_TTL) {
            return new SessionModel();
        }
        return updates || lateness > 0 ? new RevisionModel() : new SliceModel();
    }

    /** The windows that a time belongs to, by their ends. */
    List<Span> windowsOf(long time) {
        List<Span> spans = new ArrayList<>();
        switch (kind) {
            case TUMBLING -> {
                long start = Math.floorDiv(time, size) * size;
                spans.add(new Span(start, start + size));
            }
            case HOPPING -> {
                long start = Math.floorDiv(time - size, advance) * advance;
                for (; start <= time; start += advance) {
                    if (time < start + size) {
                        spans.add(new Span(start, start + size));
                    }
                }
            }
            case CUMULATIVE -> {
                long start = Math.floorDiv(time, size) * size;
                for (long end = start + advance; end <= start + size; end += advance) {
                    if (time < end) {
                        spans.add(new Span(start, end));
                    }
                }
            }
            case DAYS -> {
                LocalDate day = LocalDate.ofInstant(Instant.ofEpochMilli(time), BERLIN);
                spans.add(new Span(midnight(day), midnight(day.plusDays(1))));
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

    private static long midnight(LocalDate day) {
        return day.atStartOfDay(BERLIN).toInstant().toEpochMilli();
    }

    /** Start of the longest interval around a time that no window border cuts. */
    long sliceOf(long time) {
        return switch (kind) {
            case HOPPING -> {
                long slice = BigInteger.valueOf(size)
                        .gcd(BigInteger.valueOf(advance))
                        .longValue();
                yield Math.floorDiv(time, slice) * slice;
            }
            case CUMULATIVE -> Math.floorDiv(time, advance) * advance;
            default -> windowsOf(time).get(0).start;
        };
    }

    /** How the state topic names a window whose rows it has: by its last slice, since ends are unique. */
    long name(Span window) {
        return window.end == Long.MAX_VALUE ? 0 : sliceOf(window.end - 1);
    }
}
