package io.tally.codec.time;

import java.util.Objects;

/** ISO-8601 date and time, {@code 2026-01-31T23:59:59.123+01:00}; all behind the minutes may be absent. */
final class IsoTimestamp implements TimestampParser {
    private static final int MAX_OFFSET_MINUTES = 18 * 60;

    private final FixedLayout seconds = layout("yyyy-MM-dd'T'HH:mm:ss");
    private final FixedLayout minutes = layout("yyyy-MM-dd'T'HH:mm");
    private final LocalTimes zone;

    IsoTimestamp(LocalTimes zone) {
        this.zone = zone;
    }

    private static FixedLayout layout(String pattern) {
        return Objects.requireNonNull(FixedLayout.of(pattern));
    }

    @Override
    public long parse(byte[] bytes, int start, int length) {
        int end = start + length;
        if (length < minutes.width()) {
            return INVALID;
        }
        boolean withSeconds = length >= seconds.width() && bytes[start + minutes.width()] == ':';
        FixedLayout layout = withSeconds ? seconds : minutes;
        long local = layout.parse(bytes, start);
        if (local == INVALID) {
            return INVALID;
        }
        int position = start + layout.width();
        if (withSeconds && position < end && bytes[position] == '.') {
            int fractionEnd = fractionEnd(bytes, position + 1, end);
            int digits = fractionEnd - position - 1;
            if (digits < 1 || digits > 9) {
                return INVALID;
            }
            local += millis(bytes, position + 1, digits);
            position = fractionEnd;
        }
        return position == end ? zone.toEpochMillis(local) : withOffset(local, bytes, position, end);
    }

    private static int fractionEnd(byte[] bytes, int from, int end) {
        int i = from;
        while (i < end && bytes[i] >= '0' && bytes[i] <= '9') {
            i++;
        }
        return i;
    }

    private static int millis(byte[] bytes, int start, int digits) {
        int millis = FixedLayout.digits(bytes, start, Math.min(digits, 3));
        return digits == 1 ? millis * 100 : digits == 2 ? millis * 10 : millis;
    }

    /** {@code Z}, {@code +HH}, {@code +HHMM} or {@code +HH:MM}, up to 18 hours either way. */
    private static long withOffset(long local, byte[] bytes, int start, int end) {
        int length = end - start;
        byte sign = bytes[start];
        if (sign == 'Z' && length == 1) {
            return local;
        }
        boolean colon = length == 6 && bytes[start + 3] == ':';
        if ((sign != '+' && sign != '-') || (length != 3 && length != 5 && !colon)) {
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
