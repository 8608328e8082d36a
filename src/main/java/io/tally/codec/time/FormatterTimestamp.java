package io.tally.codec.time;

import io.tally.setting.Setting;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.chrono.IsoChronology;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Timestamps of any {@link DateTimeFormatter} pattern, in English and strict. A zone or offset in the text takes
 * precedence over the configured zone. A pattern without a time of day means midnight. The last text is remembered: the
 * same text again gives the same time, also if it is ambiguous, since only that time was seen in between.
 */
final class FormatterTimestamp implements TimestampParser {
    private static final int MAX_LENGTH = 128;
    /** All its numbers differ, so that a round trip shows whether a pattern tells them apart. */
    private static final ZonedDateTime SAMPLE =
            ZonedDateTime.of(LocalDateTime.of(2026, 1, 31, 23, 59, 58, 0), ZoneOffset.UTC);

    private final DateTimeFormatter formatter;
    private final ZoneId zone;
    private final AmbiguousTimes ambiguous;
    private byte[] lastText = new byte[0];
    private long lastTime = INVALID;

    FormatterTimestamp(String pattern, ZoneId zone, AmbiguousTimes ambiguous) {
        this.ambiguous = ambiguous;
        this.formatter = formatter(pattern);
        this.zone = zone;
        check(pattern);
    }

    @Override
    public long parse(byte[] bytes, int start, int length) {
        if (length > MAX_LENGTH) {
            return INVALID;
        }
        if (!Arrays.equals(bytes, start, start + length, lastText, 0, lastText.length)) {
            lastTime = read(new String(bytes, start, length, StandardCharsets.UTF_8));
            lastText = Arrays.copyOfRange(bytes, start, start + length);
        }
        return lastTime;
    }

    private long read(String text) {
        try {
            @Nullable ZonedDateTime time = time(formatter.parse(text));
            return time == null ? INVALID : toMillis(unambiguous(time, text));
        } catch (DateTimeException e) {
            return INVALID;
        }
    }

    private static long toMillis(Instant instant) {
        try {
            return instant.toEpochMilli();
        } catch (ArithmeticException e) {
            return instant.getEpochSecond() < 0 ? -Long.MAX_VALUE : Long.MAX_VALUE;
        }
    }

    /**
     * Which of two instants is meant, if clocks show the time twice. The zone's name may tell. Java ignores that: CET
     * and CEST are one zone for it.
     */
    private Instant unambiguous(ZonedDateTime time, String text) {
        ZonedDateTime earlier = time.withEarlierOffsetAtOverlap();
        ZonedDateTime later = time.withLaterOffsetAtOverlap();
        if (earlier.equals(later)) {
            return time.toInstant();
        }
        boolean maybeEarlier = formatter.format(earlier).equals(text);
        boolean maybeLater = formatter.format(later).equals(text);
        if (maybeEarlier != maybeLater) {
            return (maybeEarlier ? earlier : later).toInstant();
        }
        long length = Duration.between(earlier, later).toMillis();
        return Instant.ofEpochMilli(ambiguous.choose(toMillis(earlier.toInstant()), length));
    }

    /** Null if the text has a date or time only in part. */
    private @Nullable ZonedDateTime time(TemporalAccessor parsed) {
        @Nullable ZoneId own = parsed.query(TemporalQueries.zone());
        if (parsed.isSupported(ChronoField.INSTANT_SECONDS) && parsed.isSupported(ChronoField.OFFSET_SECONDS)) {
            return Instant.from(parsed).atZone(ZoneOffset.UTC);
        }
        @Nullable LocalDate date = parsed.query(TemporalQueries.localDate());
        @Nullable LocalTime time = parsed.query(TemporalQueries.localTime());
        if (date == null) {
            return null;
        }
        LocalDateTime local = date.atTime(time == null ? LocalTime.MIDNIGHT : time);
        return local.atZone(own == null ? zone : own);
    }

    private static DateTimeFormatter formatter(String pattern) {
        try {
            return new DateTimeFormatterBuilder()
                    .appendPattern(pattern)
                    // In strict mode a year of era ("yyyy") needs an era.
                    .parseDefaulting(ChronoField.ERA, 1)
                    .toFormatter(Locale.ENGLISH)
                    .withChronology(IsoChronology.INSTANCE)
                    .withResolverStyle(ResolverStyle.STRICT);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    Setting.TIMESTAMP_FORMAT + " '" + pattern + "' is not a date pattern: " + e.getMessage()
                            + new PatternLetters(pattern).hint() + "; for example yyyy-MM-dd'T'HH:mm:ss.SSS",
                    e);
        }
    }

    /** Formats a sample and reads it again: finds patterns that lack a part of date or time, or say it ambiguously. */
    private void check(String pattern) {
        PatternLetters letters = new PatternLetters(pattern);
        if (letters.swapsMonthsAndMinutes()) {
            throw new IllegalArgumentException(Setting.TIMESTAMP_FORMAT + " '" + pattern
                    + "' has minutes (m) in the date and months (M) in the time of day; months are MM, minutes mm");
        }
        if (letters.hasDayOfYearInAMonth()) {
            throw new IllegalArgumentException(Setting.TIMESTAMP_FORMAT + " '" + pattern
                    + "' has the day of the year (D) beside a month; the day of the month is dd");
        }
        String text;
        try {
            text = formatter.format(SAMPLE.withZoneSameInstant(zone));
        } catch (DateTimeException e) {
            throw unusable(pattern, e.getMessage());
        }
        TemporalAccessor parsed;
        try {
            parsed = formatter.parse(text);
        } catch (DateTimeException e) {
            throw unusable(pattern, e.getMessage());
        }
        if (time(parsed) == null) {
            throw unusable(pattern, "it lacks a part of the date");
        }
        if (parsed.query(TemporalQueries.localTime()) == null && hasTimeOfDay(parsed)) {
            throw unusable(pattern, "it has a part of the time of day without the parts above it");
        }
    }

    private static boolean hasTimeOfDay(TemporalAccessor parsed) {
        return Arrays.stream(ChronoField.values()).anyMatch(field -> field.isTimeBased() && parsed.isSupported(field));
    }

    private static IllegalArgumentException unusable(String pattern, @Nullable String reason) {
        return new IllegalArgumentException(Setting.TIMESTAMP_FORMAT + " '" + pattern + "' does not tell an instant: "
                + reason + new PatternLetters(pattern).hint() + "; for example yyyy-MM-dd'T'HH:mm:ss.SSS");
    }
}
