package io.tally.codec.time;

import io.tally.setting.Setting;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a record's event time comes from, and which event times are believed. An event time outside the bounds would
 * move the watermark by years, and make all other records late; so it is a dead letter.
 *
 * <p>Formats:
 *
 * <ul>
 *   <li>a {@link java.time.format.DateTimeFormatter} pattern in English, strict: there is no February 30th, no second
 *       60, no hour 24. Patterns of fixed-width numbers and literals ({@code yyyy MM dd HH mm ss} and fractions
 *       {@code S}) are read straight from the bytes; there a year has exactly four digits, 0001 to 9999.
 *   <li>{@code iso}: {@code 2026-01-31T23:59:59.123Z}, and the other forms in the grammar of {@link IsoTimestamp}.
 *   <li>{@code epoch-seconds}, {@code epoch-millis}, {@code epoch-micros}, {@code epoch-nanos}: a decimal number.
 * </ul>
 *
 * Anything finer than a millisecond is cut off (rounded towards the past).
 *
 * @param field the field that holds the time; null: the record timestamp, and {@code format} and {@code zone} are
 *     without meaning
 * @param format see above
 * @param zone for texts without zone or offset. A local time that a daylight-saving change skips moves on by the length
 *     of the gap ({@link java.time.ZonedDateTime#ofLocal})
 * @param ambiguousTime which instant a local time means if it occurs twice
 * @param floor the earliest event time, in the years 1 to 9999
 * @param maxAhead how far an event time may lie ahead of the broker's record timestamp, or of a clock where that is the
 *     producer's
 * @param further fields whose texts follow that of the first, each after a blank: a date and a time, say
 */
public record TimestampSpec(
        @Nullable String field,
        String format,
        ZoneId zone,
        AmbiguousTime ambiguousTime,
        Instant floor,
        Duration maxAhead,
        List<String> further) {
    /** The first representable event time, 0001-01-01T00:00:00Z, in milliseconds. */
    static final long MIN_TIME = -62_135_596_800_000L;
    /** The last representable event time, 9999-12-31T23:59:59.999Z, in milliseconds. */
    public static final long MAX_TIME = 253_402_300_799_999L;

    public TimestampSpec {
        further = List.copyOf(further);
        if (field != null && field.isBlank()) {
            throw new IllegalArgumentException(
                    Setting.TIMESTAMP_FIELD + " is blank; name a field, or leave it out to use the record timestamp");
        }
        if (field != null) {
            TimestampParser.create(format, zone, new AmbiguousTimes(ambiguousTime));
        }
        if (floor.isBefore(Instant.ofEpochMilli(MIN_TIME)) || floor.isAfter(Instant.ofEpochMilli(MAX_TIME))) {
            throw new IllegalArgumentException(Setting.TIMESTAMP_FLOOR + " must lie in the years 1 to 9999, not at "
                    + floor + "; for example 2000-01-01T00:00:00Z");
        }
        if (maxAhead.isNegative() || maxAhead.compareTo(Duration.ofDays(36_525)) > 0) {
            throw new IllegalArgumentException(Setting.TIMESTAMP_MAX_AHEAD
                    + " must be between 0 and 36525d (100 years), not " + maxAhead + "; for example 1d");
        }
    }

    /** A time in one field. */
    public TimestampSpec(
            @Nullable String field,
            String format,
            ZoneId zone,
            AmbiguousTime ambiguousTime,
            Instant floor,
            Duration maxAhead) {
        this(field, format, zone, ambiguousTime, floor, maxAhead, List.of());
    }

    /** A time with the default for local times that occur twice. */
    public TimestampSpec(@Nullable String field, String format, ZoneId zone, Instant floor, Duration maxAhead) {
        this(field, format, zone, AmbiguousTime.IN_ORDER, floor, maxAhead);
    }

    /** Whether the text is of the format {@code iso}. */
    public boolean isIso() {
        return field != null && format.equals(TimestampParser.ISO);
    }

    /** Whether a text may be a local time that occurs twice. */
    public boolean mayBeAmbiguous() {
        if (field == null || TimestampParser.EPOCHS.containsKey(format)) {
            return false;
        }
        boolean clocksChange = !zone.getRules().isFixedOffset();
        if (format.equals(TimestampParser.ISO)) {
            return clocksChange;
        }
        String letters = requiredLetters(format);
        boolean offset = letters.chars().anyMatch(letter -> "XxZO".indexOf(letter) >= 0);
        return !offset && (clocksChange || format.chars().anyMatch(letter -> "Vvz".indexOf(letter) >= 0));
    }

    /** A pattern without its literals and its optional parts. */
    private static String requiredLetters(String pattern) {
        StringBuilder letters = new StringBuilder();
        boolean quoted = false;
        int depth = 0;
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            quoted ^= c == '\'';
            if (!quoted) {
                depth += c == '[' ? 1 : c == ']' ? -1 : 0;
                letters.append(depth == 0 ? c : ' ');
            }
        }
        return letters.toString();
    }

    /** Whether texts say that they are in UTC, which the format passes over, and are read as times of another zone. */
    public boolean passesOverUtc() {
        return hasPattern() && !zone.normalized().equals(ZoneOffset.UTC) && new PatternLetters(format).passesOverUtc();
    }

    /** Whether the format is a pattern, so that results can be written in it too. */
    public boolean hasPattern() {
        return field != null && !TimestampParser.isNamed(format);
    }
}
