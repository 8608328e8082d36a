package io.tally.codec.time;

import io.tally.setting.Setting;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** Writes window times. All rows of a window leave together, so the last text is nearly always the next. */
public final class TimeWriter {
    /** {@code +02:00}, and {@code +00:00} for UTC. */
    private static final DateTimeFormatter OFFSET = DateTimeFormatter.ofPattern("xxxxx", Locale.ENGLISH);

    private final LongFunction<String> format;
    private byte[] text;
    private long time;

    private TimeWriter(LongFunction<String> format) {
        this.format = format;
        this.text = format(0);
    }

    public byte[] write(long epochMillis) {
        if (epochMillis != time) {
            text = format(epochMillis);
            time = epochMillis;
        }
        return text;
    }

    private byte[] format(long epochMillis) {
        return format.apply(epochMillis).getBytes(StandardCharsets.UTF_8);
    }

    /** A sample of the format. */
    public static String sample(String format, ZoneId zone) {
        return new String(create(format, zone, false).write(0), StandardCharsets.UTF_8);
    }

    public static TimeWriter iso() {
        return new TimeWriter(time -> Instant.ofEpochMilli(time).toString());
    }

    /**
     * A writer for a named format of {@link TimestampParser} or a pattern.
     *
     * @param offsets whether a time is followed by its offset if the pattern writes two times alike, since clocks went
     *     back between them
     * @throws IllegalArgumentException if the format is neither
     */
    public static TimeWriter create(String format, ZoneId zone, boolean offsets) {
        if (format.equals(TimestampParser.ISO)) {
            return iso();
        }
        @Nullable Integer shift = TimestampParser.EPOCHS.get(format);
        if (shift != null) {
            int places = -shift;
            return new TimeWriter(time -> BigDecimal.valueOf(time)
                    .movePointRight(places)
                    .stripTrailingZeros()
                    .toPlainString());
        }
        try {
            DateTimeFormatter formatter =
                    DateTimeFormatter.ofPattern(format, Locale.ENGLISH).withZone(zone);
            return new TimeWriter(offsets ? time -> unambiguous(formatter, zone, time) : time -> text(formatter, time));
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new IllegalArgumentException(
                    Setting.SINK_TIME_FORMAT + " '" + format + "' is not a date pattern: " + e.getMessage()
                            + "; for example yyyy-MM-dd_HH:mm:ss, iso or epoch-millis",
                    e);
        }
    }

    private static String text(DateTimeFormatter formatter, long time) {
        return formatter.format(Instant.ofEpochMilli(time));
    }

    private static String unambiguous(DateTimeFormatter formatter, ZoneId zone, long time) {
        ZonedDateTime zoned = Instant.ofEpochMilli(time).atZone(zone);
        String text = formatter.format(zoned);
        // Each is the time itself, unless clocks show it twice.
        boolean ambiguous = isSame(text, formatter, zoned.withEarlierOffsetAtOverlap(), zoned)
                || isSame(text, formatter, zoned.withLaterOffsetAtOverlap(), zoned);
        return ambiguous ? text + OFFSET.format(zoned) : text;
    }

    private static boolean isSame(String text, DateTimeFormatter formatter, ZonedDateTime other, ZonedDateTime time) {
        return !other.getOffset().equals(time.getOffset())
                && formatter.format(other).equals(text);
    }
}
