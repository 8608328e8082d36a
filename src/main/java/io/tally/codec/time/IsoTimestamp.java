package io.tally.codec.time;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Objects;

/**
 * Date and time as in RFC 3339, {@code 2026-01-31T23:59:59.123+01:00}, and in similar forms of ISO 8601 and programming
 * languages. The grammar, with digits as {@code d}:
 *
 * <pre>
 * text     = date ("T" / "t" / " ") time [[" "] offset] *zone
 * date     = dddd-dd-dd / dddddddd
 * time     = dd:dd[:dd[fraction]] / dddd[dd[fraction]]
 * fraction = ("." / ",") 1*d
 * offset   = "Z" / "z" / "UTC" / "GMT" / ("+" / "-") dd[[":"]dd]
 * zone     = "[" text "]"                     only behind an offset, which says all; as RFC 9557 and Java write it
 * </pre>
 *
 * <p>Second 60 is accepted only where a leap second may be: at the end of a month in UTC. It is read as the last
 * nanosecond before it.
 */
final class IsoTimestamp implements TimestampParser {
    private static final int MAX_OFFSET_MINUTES = 18 * 60;
    private static final int MINUTES_WIDTH = 16;
    private static final int SECONDS_WIDTH = 19;
    private static final int DATE_WIDTH = 10;

    private final FixedLayout seconds = Objects.requireNonNull(FixedLayout.of("yyyy-MM-dd'T'HH:mm:ss"));
    private final LocalTimes zone;
    /** The text up to its seconds, in the one form that the layout reads. */
    private final byte[] plain = "0000-00-00T00:00:00".getBytes(StandardCharsets.US_ASCII);

    IsoTimestamp(LocalTimes zone) {
        this.zone = zone;
    }

    @Override
    public long parse(byte[] bytes, int start, int length) {
        if (length >= SECONDS_WIDTH && bytes[start + MINUTES_WIDTH] == ':') {
            long local = seconds.parse(bytes, start);
            if (local != INVALID) {
                return withFraction(local, bytes, start + SECONDS_WIDTH, start + length);
            }
        }
        return parseOther(bytes, start, start + length);
    }

    /** Reads the less usual forms. */
    private long parseOther(byte[] bytes, int start, int end) {
        int position = date(bytes, start, end);
        if (position < 0 || position >= end || !isSeparator(bytes[position])) {
            return INVALID;
        }
        position++;
        boolean colons = position + 2 < end && bytes[position + 2] == ':';
        int minutes = position + (colons ? 3 : 2);
        if (minutes + 2 > end) {
            return INVALID;
        }
        copy(bytes, position, 11, 2);
        copy(bytes, minutes, 14, 2);
        position = minutes + 2;
        int digits = colons ? position + 1 : position;
        boolean withSeconds = digits + 2 <= end
                && (colons ? bytes[position] == ':' : bytes[position] >= '0' && bytes[position] <= '9');
        if (!withSeconds) {
            plain[17] = '0';
            plain[18] = '0';
            long local = seconds.parse(plain, 0);
            return local == INVALID ? INVALID : withOffset(local, bytes, position, end);
        }
        copy(bytes, digits, 17, 2);
        position = digits + 2;
        if (plain[17] == '6' && plain[18] == '0') {
            plain[17] = '5';
            plain[18] = '9';
            return leapSecond(seconds.parse(plain, 0), bytes, position, end);
        }
        long local = seconds.parse(plain, 0);
        return local == INVALID ? INVALID : withFraction(local, bytes, position, end);
    }

    /** Copies the date; returns where it ends, or -1. */
    private int date(byte[] bytes, int start, int end) {
        if (end - start < DATE_WIDTH) {
            return -1;
        }
        if (bytes[start + 4] == '-') {
            copy(bytes, start, 0, DATE_WIDTH);
            return start + DATE_WIDTH;
        }
        copy(bytes, start, 0, 4);
        plain[4] = '-';
        copy(bytes, start + 4, 5, 2);
        plain[7] = '-';
        copy(bytes, start + 6, 8, 2);
        return start + 8;
    }

    private void copy(byte[] bytes, int from, int to, int length) {
        System.arraycopy(bytes, from, plain, to, length);
    }

    private static boolean isSeparator(byte separator) {
        return separator == 'T' || separator == 't' || separator == ' ';
    }

    /** @param local the second before the leap second */
    private long leapSecond(long local, byte[] bytes, int start, int end) {
        int position = fractionEnd(bytes, start, end);
        if (local == INVALID || position < 0) {
            return INVALID;
        }
        long time = withOffset(local + 999, bytes, position, end);
        if (time == INVALID || Math.floorMod(time + 1, 86_400_000L) != 0) {
            return INVALID;
        }
        return Instant.ofEpochMilli(time + 1).atOffset(ZoneOffset.UTC).getDayOfMonth() == 1 ? time : INVALID;
    }

    private long withFraction(long local, byte[] bytes, int start, int end) {
        int position = fractionEnd(bytes, start, end);
        if (position < 0) {
            return INVALID;
        }
        int digits = position - start - 1;
        return withOffset(digits > 0 ? local + millis(bytes, start + 1, digits) : local, bytes, position, end);
    }

    /** Where the fraction ends, {@code from} if there is none; -1 if it has no digits. */
    private static int fractionEnd(byte[] bytes, int from, int end) {
        if (from >= end || (bytes[from] != '.' && bytes[from] != ',')) {
            return from;
        }
        int i = from + 1;
        while (i < end && bytes[i] >= '0' && bytes[i] <= '9') {
            i++;
        }
        return i == from + 1 ? -1 : i;
    }

    private static int millis(byte[] bytes, int start, int digits) {
        int millis = FixedLayout.digits(bytes, start, Math.min(digits, 3));
        return digits == 1 ? millis * 100 : digits == 2 ? millis * 10 : millis;
    }

    private long withOffset(long local, byte[] bytes, int start, int end) {
        if (start == end) {
            return zone.toEpochMillis(local);
        }
        int from = bytes[start] == ' ' ? start + 1 : start;
        int to = withoutZones(bytes, from, end);
        int length = to - from;
        if (length < 1) {
            return INVALID;
        }
        byte sign = bytes[from];
        if (sign == '+' || sign == '-') {
            return minus(local, sign, bytes, from, to);
        }
        boolean utc = length == 1
                ? sign == 'Z' || sign == 'z'
                : is("UTC", bytes, from, length) || is("GMT", bytes, from, length);
        return utc ? local : INVALID;
    }

    /** Where the zones in brackets at the end of the text begin; its end if there are none. */
    private static int withoutZones(byte[] bytes, int from, int end) {
        if (bytes[end - 1] != ']') {
            return end;
        }
        for (int i = from; i < end; i++) {
            if (bytes[i] == '[') {
                return i;
            }
        }
        return end;
    }

    private static boolean is(String word, byte[] bytes, int start, int length) {
        if (length != word.length()) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (bytes[start + i] != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** {@code +HH}, {@code +HHMM} or {@code +HH:MM}, up to 18 hours either way. */
    private static long minus(long local, byte sign, byte[] bytes, int start, int end) {
        int length = end - start;
        boolean colon = length == 6 && bytes[start + 3] == ':';
        if (length != 3 && length != 5 && !colon) {
            return INVALID;
        }
        int hours = FixedLayout.digits(bytes, start + 1, 2);
        int rest = length == 3 ? 0 : FixedLayout.digits(bytes, end - 2, 2);
        int offset = hours * 60 + rest;
        if (hours < 0 || rest < 0 || rest > 59 || offset > MAX_OFFSET_MINUTES) {
            return INVALID;
        }
        return local - (sign == '-' ? -offset : offset) * 60_000L;
    }
}
