package io.tally.config;

import io.tally.config.problem.Problems;
import io.tally.config.property.PipelineProperties;
import io.tally.config.property.PipelineProperties.Emit;
import io.tally.config.property.WindowProperties;
import io.tally.config.property.WindowProperties.WindowType;
import io.tally.window.Emission;
import io.tally.window.WindowKind;
import io.tally.window.WindowSpec;
import io.tally.window.Windowing;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads a pipeline's windows and when their rows leave. */
final class WindowReader {
    private static final Duration LEAST = Duration.ofMillis(1);
    /** With 0 there would be a row for nearly each record, and a note in the state topic for each transaction. */
    private static final Duration EMIT_INTERVAL = Duration.ofMillis(100);
    /** Where rows may leave more than once, a record is folded into each of its windows. */
    private static final long MOST_WINDOWS_PER_RECORD = 1000;
    /** More than the seconds of a day. */
    private static final long MOST_SLICES_PER_WINDOW = 100_000;

    private final PipelineProperties properties;
    private final WindowProperties window;
    private final Problems problems;

    WindowReader(PipelineProperties properties, Problems problems) {
        this.properties = properties;
        this.window = properties.window();
        this.problems = problems;
    }

    /** The windows; null if there was a problem with them. */
    @Nullable
    WindowSpec read() {
        Duration lateness = window.allowedLateness();
        boolean graceFits = Durations.check("window.grace", window.grace(), Duration.ZERO, problems);
        boolean latenessFits = Durations.check("window.allowed-lateness", lateness, Duration.ZERO, problems);
        onlyFor("zone", window.zone(), WindowType.CALENDAR);
        onlyFor("unit", window.unit(), WindowType.CALENDAR);
        onlyFor("first-day", window.firstDay(), WindowType.CALENDAR);
        onlyFor(
                "offset",
                window.offset(),
                WindowType.TUMBLING,
                WindowType.HOPPING,
                WindowType.CUMULATIVE,
                WindowType.CALENDAR);
        onlyFor("advance", window.advance(), WindowType.HOPPING, WindowType.CUMULATIVE);
        onlyFor("gap", window.gap(), WindowType.SESSION);
        onlyFor("ttl", window.ttl(), WindowType.NONE);
        Emission emission = emission();
        WindowKind kind = kind();
        if (!graceFits || !latenessFits || kind == null || !canBe(kind, emission)) {
            return null;
        }
        WindowSpec spec = new WindowSpec(kind, window.grace(), lateness, emission);
        return isAffordable(spec) ? spec : null;
    }

    /** The age at which a change leaves with updates. */
    static Duration emitInterval(PipelineProperties properties) {
        Duration interval = properties.emitInterval();
        return interval == null ? EMIT_INTERVAL : interval;
    }

    /** Whether entries are written all together, so that rows do not leave with them. */
    static boolean writesCuts(PipelineProperties properties) {
        return properties.window().type() == WindowType.SESSION
                || properties.window().ttl() != null;
    }

    /**
     * Whether rows leave before their window closes. Rows of running totals always do, since their window never closes.
     */
    static boolean hasUpdates(PipelineProperties properties) {
        Emit emit = properties.emit();
        return emit == null ? properties.window().type() == WindowType.NONE : emit == Emit.UPDATES;
    }

    private void onlyFor(String property, @Nullable Object value, WindowType... types) {
        if (value != null && !List.of(types).contains(window.type())) {
            String names = Arrays.stream(types).map(WindowReader::name).collect(Collectors.joining(" or "));
            problems.add(
                    "window." + property,
                    value instanceof Duration duration
                            ? Durations.print(duration)
                            : value instanceof Enum<?> constant
                                    ? constant.name().toLowerCase(Locale.ROOT)
                                    : value,
                    "is for windows of type " + names + "; those of type " + name(window.type()) + " have none",
                    null);
        }
    }

    private static String name(WindowType type) {
        return type.name().toLowerCase(Locale.ROOT);
    }

    private Emission emission() {
        boolean updates = hasUpdates(properties);
        Duration interval = properties.emitInterval();
        if (interval != null && Durations.check("emit-interval", interval, Duration.ZERO, problems) && !updates) {
            problems.add("emit-interval", Durations.print(interval), "is for emit: updates", null);
        }
        return updates ? Emission.UPDATES : Emission.FINAL;
    }

    private @Nullable WindowKind kind() {
        return switch (window.type()) {
            case TUMBLING -> {
                Duration size = size();
                Duration offset = size == null ? null : offset(size);
                yield size == null || offset == null ? null : new WindowKind.Aligned(Windowing.tumbling(size, offset));
            }
            case HOPPING -> hopping();
            case CUMULATIVE -> cumulative();
            case CALENDAR -> calendar();
            case SESSION -> {
                Duration gap =
                        required("window.gap", window.gap(), "how long a key is silent when its session ends", "30m");
                yield gap == null ? null : new WindowKind.Sessions(gap);
            }
            case NONE -> {
                Duration ttl = window.ttl();
                boolean sound = ttl == null || Durations.check("window.ttl", ttl, LEAST, problems);
                yield sound ? new WindowKind.Totals(ttl) : null;
            }
        };
    }

    private @Nullable Duration size() {
        return required("window.size", window.size(), "the length of a window", "5s");
    }

    private @Nullable Duration required(String property, @Nullable Duration value, String meaning, String example) {
        if (value == null) {
            problems.add(property, null, "is required: " + meaning, example);
            return null;
        }
        return Durations.check(property, value, LEAST, problems) ? value : null;
    }

    private @Nullable WindowKind hopping() {
        Duration size = size();
        Duration advance = required("window.advance", window.advance(), "how far apart windows begin", "1s");
        if (size == null || advance == null) {
            return null;
        }
        if (advance.compareTo(size) > 0) {
            problems.add(
                    "window.advance",
                    Durations.print(advance),
                    "must be at most the size, " + Durations.print(size) + ": records between windows would be lost",
                    Durations.print(size));
            return null;
        }
        Duration offset = offset(advance);
        return offset == null ? null : new WindowKind.Aligned(Windowing.hopping(size, advance, offset));
    }

    private @Nullable WindowKind cumulative() {
        Duration size = size();
        Duration advance = required("window.advance", window.advance(), "by how much windows grow", "1s");
        if (size == null || advance == null) {
            return null;
        }
        if (size.toMillis() % advance.toMillis() != 0) {
            problems.add(
                    "window.advance",
                    Durations.print(advance),
                    "must divide the size, " + Durations.print(size) + ", for windows of type cumulative",
                    Durations.print(size));
            return null;
        }
        Duration offset = offset(size);
        return offset == null ? null : new WindowKind.Aligned(Windowing.cumulative(size, advance, offset));
    }

    private @Nullable WindowKind calendar() {
        Windowing windowing = new CalendarReader(window, PipelineFingerprint.windowZone(properties), problems).read();
        return windowing == null ? null : new WindowKind.Aligned(windowing);
    }

    /** By how much later than the epoch windows begin; null if there was a problem with it. */
    private @Nullable Duration offset(Duration step) {
        Duration offset = window.offset();
        Duration most = step.minusMillis(1);
        if (offset == null) {
            return Duration.ZERO;
        }
        return Durations.check("window.offset", offset, most.negated(), most, "0s", problems) ? offset : null;
    }

    /** Whether running totals can leave and end like this; true for other windows. Notes a problem if not. */
    private boolean canBe(WindowKind kind, Emission emission) {
        if (!(kind instanceof WindowKind.Totals totals)) {
            return true;
        }
        if (emission == Emission.FINAL && totals.ttl() == null) {
            problems.add(
                    "emit",
                    "final",
                    "needs a window.ttl for windows of type none: without, nothing is ever final",
                    null);
            return false;
        }
        if (!window.allowedLateness().isZero()) {
            problems.add(
                    "window.allowed-lateness",
                    Durations.print(window.allowedLateness()),
                    "has no meaning for windows of type none, which are dropped when they end",
                    "0s");
            return false;
        }
        return true;
    }

    private boolean isAffordable(WindowSpec spec) {
        Duration size = window.size();
        Duration advance = window.advance();
        if (spec.hasRevisions()
                && size != null
                && advance != null
                && size.dividedBy(advance) > MOST_WINDOWS_PER_RECORD) {
            problems.add(
                    "window.advance",
                    Durations.print(advance),
                    "must be at least a thousandth of the size, " + Durations.print(size) + ", with emit: updates or an"
                            + " allowed lateness: each record is counted in each of its windows",
                    Durations.print(Duration.ofMillis(1 + size.toMillis() / MOST_WINDOWS_PER_RECORD)));
            return false;
        }
        return size == null || advance == null || isAffordable(size, advance);
    }

    private boolean isAffordable(Duration size, Duration advance) {
        BigInteger whole = BigInteger.valueOf(size.toMillis());
        long slices =
                whole.divide(whole.gcd(BigInteger.valueOf(advance.toMillis()))).longValueExact();
        if (slices > MOST_SLICES_PER_WINDOW) {
            problems.add(
                    "window.advance",
                    Durations.print(advance),
                    "cuts a window of " + Durations.print(size) + " into " + slices + " slices (as long as the greatest"
                            + " common divisor of both), and at most " + MOST_SLICES_PER_WINDOW + " are kept",
                    Durations.print(Duration.ofMillis(size.toMillis() / 2)));
            return false;
        }
        return true;
    }
}
