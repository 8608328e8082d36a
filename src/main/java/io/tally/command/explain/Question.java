package io.tally.command.explain;

import io.tally.aggregate.Event;
import io.tally.command.frame.UsageException;
import io.tally.command.recount.WindowBorders;
import io.tally.window.Windowing;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which row is asked about.
 *
 * @param key the group key in UTF-8
 * @param start of the window, milliseconds since the epoch
 * @param end of the window; no other window has the same end
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Question(byte[] key, long start, long end) {
    /**
     * Finds the window.
     *
     * @param key as rows have it
     * @param end null if the start says which window it is
     * @throws UsageException if there is no such window, or several
     */
    static Question of(Windowing windowing, String key, long start, @Nullable Long end) {
        byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
        if (end != null) {
            if (end <= start || windowing.nextWindowEnd(end - 1) != end || windowing.windowStart(end) != start) {
                throw new UsageException(
                        "There is no window from " + text(start) + " to " + text(end) + near(windowing, start));
            }
            return new Question(bytes, start, end);
        }
        Long first = WindowBorders.firstEnd(windowing, start);
        if (first == null) {
            throw new UsageException("No window begins at " + text(start) + near(windowing, start));
        }
        long next = windowing.nextWindowEnd(first);
        if (windowing.windowStart(next) == start) {
            throw new UsageException("Several windows begin at " + text(start) + ", which end at " + text(first) + ", "
                    + text(next) + " and so on: say which, with the end");
        }
        return new Question(bytes, start, first);
    }

    private static String near(Windowing windowing, long time) {
        long end = windowing.nextWindowEnd(time);
        return ". One that this time is in is from " + text(windowing.windowStart(end)) + " to " + text(end);
    }

    private static String text(long time) {
        return Instant.ofEpochMilli(time).toString();
    }

    /** Whether an event is of this key and window. */
    boolean isOf(Event event) {
        return holds(event.time())
                && Arrays.equals(
                        key, 0, key.length, event.keyBuffer(), event.keyStart(), event.keyStart() + event.keyLength());
    }

    /** Whether an event time is in the window. */
    boolean holds(long time) {
        return time >= start && time < end;
    }
}
