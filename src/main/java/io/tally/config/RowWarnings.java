package io.tally.config;

import io.tally.codec.sink.RowTimes;
import io.tally.codec.sink.SinkFormat;
import io.tally.window.WindowKind;
import io.tally.window.WindowSpec;
import io.tally.window.Windowing;
import java.time.Instant;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Warnings about text rows in which a reader cannot tell two windows, or two parts, apart. They are not refused, since
 * the user may want rows that do not say which window is meant.
 */
final class RowWarnings {
    /** More than enough to find a repeated hour in a zone that has any. */
    private static final int TRANSITIONS = 8;
    /** In how many steps of a repeated hour windows are compared, unless they are longer. */
    private static final int STEPS = 120;

    private final String group;
    private final SinkFormat.Text format;
    private final RowTimes times;
    private final WindowKind kind;

    private RowWarnings(String group, SinkFormat.Text format, WindowKind kind) {
        this.group = group;
        this.format = format;
        this.times = new RowTimes(format);
        this.kind = kind;
    }

    /**
     * One sentence for each, with what to do.
     *
     * @param group the properties of the sink
     */
    static List<String> of(String group, @Nullable SinkFormat sink, WindowSpec window, Instant now) {
        List<String> warnings = new ArrayList<>();
        if (sink instanceof SinkFormat.Text format) {
            String inseparable = RowTimes.inseparable(format);
            if (inseparable != null) {
                warnings.add(group + ".template '" + format.template() + "' has " + inseparable
                        + ", of which no reader can tell where the first ends; put a separator in between");
            }
            String same = new RowWarnings(group, format, window.kind()).sameTimes(now);
            if (same != null) {
                warnings.add(same);
            }
        }
        return warnings;
    }

    /** Two windows whose rows look the same; null if none were found. */
    private @Nullable String sameTimes(Instant now) {
        if (kind instanceof WindowKind.Totals || times.of(0, 0).isEmpty()) {
            return null;
        }
        long next = end(now.toEpochMilli());
        String following =
                same(now.toEpochMilli(), next, "follow one another", "let the format have all parts of a time");
        return following == null ? repeated(format.zone(), now) : following;
    }

    private @Nullable String repeated(ZoneId zone, Instant now) {
        Instant after = now;
        for (int i = 0; i < TRANSITIONS; i++) {
            ZoneOffsetTransition transition = zone.getRules().nextTransition(after);
            if (transition == null) {
                return null;
            }
            after = transition.getInstant();
            if (transition.isOverlap()) {
                return repeated(transition);
            }
        }
        return null;
    }

    private @Nullable String repeated(ZoneOffsetTransition transition) {
        long length = -transition.getDuration().toMillis();
        long border = transition.toEpochSecond() * 1000;
        for (long time = border - length; time < border; time += Math.max(1, length / STEPS)) {
            String warning = same(
                    time,
                    time + length,
                    "have clocks going back in between",
                    "let the format have the offset (xxx), or leave it out, which shows the offset of such times");
            if (warning != null) {
                return warning;
            }
        }
        return null;
    }

    private @Nullable String same(long first, long second, String how, String remedy) {
        String text = times.of(start(first), end(first));
        if (start(first) == start(second) || !text.equals(times.of(start(second), end(second)))) {
            return null;
        }
        return group + ".time-format '" + format.timeFormat() + "' with zone "
                + format.zone().getId() + " gives the windows "
                + window(first) + " and " + window(second) + ", which " + how + ", the same text in their rows, " + text
                + ": no reader can tell them apart; " + remedy + ", or use iso or an epoch format";
    }

    private String window(long time) {
        return "[" + Instant.ofEpochMilli(start(time)) + ", " + Instant.ofEpochMilli(end(time)) + ")";
    }

    private long start(long time) {
        return kind instanceof WindowKind.Aligned aligned ? aligned.windowing().windowStart(end(time)) : time;
    }

    private long end(long time) {
        if (kind instanceof WindowKind.Aligned aligned) {
            Windowing windowing = aligned.windowing();
            return windowing.lastWindowEnd(windowing.sliceStart(time));
        }
        return time
                + (kind instanceof WindowKind.Sessions sessions ? sessions.gap().toMillis() : 0);
    }
}
