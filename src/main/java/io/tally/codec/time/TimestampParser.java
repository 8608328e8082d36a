package io.tally.codec.time;

import io.tally.setting.Setting;
import java.time.ZoneId;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads a timestamp from text. One implementation for each kind of format; not thread-safe. */
public interface TimestampParser {
    /** The answer for a text that is not of the format; no event time is that small. */
    long INVALID = Long.MIN_VALUE;

    /** How many places the decimal point of each {@code epoch-} format must move to the right to give milliseconds. */
    Map<String, Integer> EPOCHS = Map.of("epoch-seconds", 3, "epoch-millis", 0, "epoch-micros", -3, "epoch-nanos", -6);

    String ISO = "iso";

    /**
     * The time in milliseconds since the epoch, or {@link #INVALID}. A time that does not fit a long is clamped, and so
     * stays outside all bounds.
     */
    long parse(byte[] bytes, int start, int length);

    /** Whether the format is one of the names, not a pattern. */
    static boolean isNamed(String format) {
        return format.equals(ISO) || EPOCHS.containsKey(format);
    }

    /**
     * The fastest parser for the format.
     *
     * @param ambiguous decides which instant a local time means that clocks show twice
     * @throws IllegalArgumentException if the format is neither a known name nor a usable pattern
     */
    static TimestampParser create(String format, ZoneId zone, AmbiguousTimes ambiguous) {
        if (format.equals(ISO)) {
            return new IsoTimestamp(new LocalTimes(zone, ambiguous));
        }
        @Nullable Integer epoch = EPOCHS.get(format);
        if (epoch != null) {
            return new EpochTimestamp(epoch);
        }
        if (format.startsWith("epoch")) {
            throw new IllegalArgumentException(Setting.TIMESTAMP_FORMAT + " '" + format
                    + "' is unknown; the epoch formats are " + new TreeSet<>(EPOCHS.keySet()));
        }
        TimestampParser general = new FormatterTimestamp(format, zone, ambiguous);
        FixedLayout layout = FixedLayout.of(format);
        return layout == null ? general : new FixedTimestamp(layout, new LocalTimes(zone, ambiguous));
    }
}
