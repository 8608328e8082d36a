package io.tally.command.recount;

import io.tally.codec.sink.RowReader;
import io.tally.window.Windowing;
import java.time.Instant;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Finds windows by what is known of their borders. No two windows have the same end, so the end names one. */
public final class WindowBorders {
    private WindowBorders() {}

    /** The end of the window that a row names; null if there is no such window. */
    public static @Nullable Long end(Windowing windowing, RowReader.Place place) {
        Long start = place.start();
        Long end = place.end();
        if (end != null) {
            boolean isWindow =
                    windowing.nextWindowEnd(end - 1) == end && (start == null || windowing.windowStart(end) == start);
            return isWindow ? end : null;
        }
        return start == null ? null : firstEnd(windowing, start);
    }

    /** The end of the first window that begins there; null if none does. */
    public static @Nullable Long firstEnd(Windowing windowing, long start) {
        long candidate = windowing.nextWindowEnd(start);
        long last = windowing.lastWindowEnd(windowing.sliceStart(start));
        while (windowing.windowStart(candidate) != start && candidate < last) {
            candidate = windowing.nextWindowEnd(candidate);
        }
        return windowing.windowStart(candidate) == start ? (Long) candidate : null;
    }

    /** Hands over the ends of all windows that contain a time, in their order. */
    public static void forEachEnd(Windowing windowing, long time, LongConsumer receiver) {
        long last = windowing.lastWindowEnd(windowing.sliceStart(time));
        long end = windowing.nextWindowEnd(time);
        while (end < last) {
            receiver.accept(end);
            end = windowing.nextWindowEnd(end);
        }
        receiver.accept(last);
    }

    /** A window in words. */
    public static String text(Windowing windowing, long end) {
        return "window " + Instant.ofEpochMilli(windowing.windowStart(end)) + " to " + Instant.ofEpochMilli(end);
    }
}
