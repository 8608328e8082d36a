package io.tally.codec.time;

import io.tally.codec.bytes.ByteScan;
import java.time.LocalDate;
import java.time.YearMonth;
import org.jspecify.annotations.Nullable;

/**
 * A timestamp pattern that consists of fixed-width numbers and literals, compiled to positions.
 *
 * <p>Neighbours in a stream share all but their seconds. So the part in front of the seconds is remembered with its
 * value. Usually a comparison of bytes then replaces parsing and calendar arithmetic.
 */
final class FixedLayout {
    private static final long INVALID = TimestampParser.INVALID;
    private static final int MILLIS_DIGITS = 3;

    // The numbers of a timestamp, coarsest first.
    static final int YEAR = 0;
    static final int MONTH = 1;
    static final int DAY = 2;
    static final int HOUR = 3;
    static final int MINUTE = 4;
    static final int SECOND = 5;
    static final int FRACTION = 6;
    static final int FIELDS = 7;

    /** The pattern's literals, 0 where a digit is expected. */
    private final byte[] literals;
    /** Position of each field, -1 if the pattern does not have it. */
    private final int[] positions;

    private final int fractionDigits;
    /** Where the remembered part ends. */
    private final int tail;
    /** Whether only two digits of seconds follow. */
    private final boolean secondsOnly;

    private final byte[] prefix;
    /** The local time of {@link #prefix} in milliseconds; invalid while the prefix is all zeros. */
    private long prefixMillis = INVALID;

    FixedLayout(byte[] literals, int[] positions, int fractionDigits) {
        this.literals = literals;
        this.positions = positions;
        this.fractionDigits = fractionDigits;
        this.tail = tail();
        this.secondsOnly = tail + 2 == literals.length;
        this.prefix = new byte[tail];
    }

    int width() {
        return literals.length;
    }

    /** The local time at {@code start}, as the milliseconds that it would be in UTC; the range must be in bounds. */
    long parse(byte[] bytes, int start) {
        long base = prefixMillis;
        if (!ByteScan.equal(bytes, start, prefix, 0, tail)) {
            base = parsePrefix(bytes, start);
            if (base != INVALID) {
                System.arraycopy(bytes, start, prefix, 0, tail);
                prefixMillis = base;
            }
        }
        if (base == INVALID || tail == literals.length) {
            return base;
        }
        return secondsOnly
                ? addSeconds(base, bytes[start + tail], bytes[start + tail + 1])
                : addTail(base, bytes, start);
    }

    private static long addSeconds(long base, byte first, byte second) {
        int tens = first - '0';
        int ones = second - '0';
        return (tens | ones) < 0 || tens > 5 || ones > 9 ? INVALID : base + (tens * 10 + ones) * 1000L;
    }

    private long parsePrefix(byte[] bytes, int start) {
        if (!literalsMatch(bytes, start, 0, tail)) {
            return INVALID;
        }
        int year = number(bytes, start, YEAR, 4);
        int month = number(bytes, start, MONTH, 2);
        int day = number(bytes, start, DAY, 2);
        if (year < 1
                || month < 1
                || month > 12
                || day < 1
                || day > YearMonth.of(year, month).lengthOfMonth()) {
            return INVALID;
        }
        int hour = number(bytes, start, HOUR, 2);
        int minute = number(bytes, start, MINUTE, 2);
        if (hour > 23 || minute > 59) {
            return INVALID;
        }
        long minutes = (LocalDate.of(year, month, day).toEpochDay() * 24 + hour) * 60 + minute;
        // If something coarser follows the seconds, the whole text is the prefix.
        return tail == literals.length ? addSeconds(minutes * 60_000, bytes, start) : minutes * 60_000;
    }

    private long addTail(long base, byte[] bytes, int start) {
        return literalsMatch(bytes, start, tail, literals.length) ? addSeconds(base, bytes, start) : INVALID;
    }

    private long addSeconds(long base, byte[] bytes, int start) {
        int second = number(bytes, start, SECOND, 2);
        int fraction = number(bytes, start, FRACTION, Math.min(fractionDigits, MILLIS_DIGITS));
        if (second > 59) {
            return INVALID;
        }
        for (int i = fractionDigits; i < MILLIS_DIGITS; i++) {
            fraction *= 10;
        }
        return base + second * 1000L + fraction;
    }

    /** The number at a field's position, 0 if there is no such field. Its digits have already been checked. */
    private int number(byte[] bytes, int start, int field, int digits) {
        int position = positions[field];
        return position < 0 ? 0 : digits(bytes, start + position, digits);
    }

    /** The number of that many digits, -1 if a byte is not a digit. */
    static int digits(byte[] bytes, int start, int count) {
        int value = 0;
        for (int i = start; i < start + count; i++) {
            int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }

    private boolean literalsMatch(byte[] bytes, int start, int from, int to) {
        for (int i = from; i < to; i++) {
            byte expected = literals[i];
            byte found = bytes[start + i];
            if (expected == 0 ? found < '0' || found > '9' : found != expected) {
                return false;
            }
        }
        return true;
    }

    /** The position of the seconds if nothing coarser follows them, else the end. */
    private int tail() {
        int second = positions[SECOND];
        int fraction = positions[FRACTION];
        boolean last = second >= 0 && (fraction < 0 || fraction > second);
        for (int i = 0; i < SECOND; i++) {
            last &= positions[i] < second;
        }
        return last ? second : literals.length;
    }

    /**
     * The layout of a {@link java.time.format.DateTimeFormatter} pattern, or null if the pattern is not of this kind.
     */
    static @Nullable FixedLayout of(String pattern) {
        return new FixedLayoutCompiler().compile(pattern);
    }
}
