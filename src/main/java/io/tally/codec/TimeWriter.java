package io.tally.codec;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** Writes window times. All rows of a window leave together, so the last text is nearly always the next. */
final class TimeWriter {
    private final LongFunction<String> format;
    private byte[] text;
    private long time;

    private TimeWriter(LongFunction<String> format) {
        this.format = format;
        this.text = format(0);
    }

    byte[] write(long epochMillis) {
        if (epochMillis != time) {
            text = format(epochMillis);
            time = epochMillis;
        }
        return text;
    }

    private byte[] format(long epochMillis) {
        return format.apply(epochMillis).getBytes(StandardCharsets.UTF_8);
    }

    /** How a time looks in the format. */
    static String sample(String format, ZoneId zone) {
        return new String(create(format, zone).write(0), StandardCharsets.UTF_8);
    }

    static TimeWriter iso() {
        return new TimeWriter(time -> Instant.ofEpochMilli(time).toString());
    }

    /**
     * A writer for a name of {@link TimestampParser} or a pattern.
     *
     * @throws IllegalArgumentException if the format is neither
     */
    static TimeWriter create(String format, ZoneId zone) {
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
            return new TimeWriter(time -> formatter.format(Instant.ofEpochMilli(time)));
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new IllegalArgumentException(
                    "sink.time-format '" + format + "' is not a date pattern: " + e.getMessage()
                            + "; for example yyyy-MM-dd_HH:mm:ss, iso or epoch-millis",
                    e);
        }
    }
}
