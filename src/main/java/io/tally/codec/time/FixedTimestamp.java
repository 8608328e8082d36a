package io.tally.codec.time;

/** Timestamps of fixed-width numbers in one zone, such as {@code yyyy-MM-dd_HH:mm:ss}, without decoding to text. */
final class FixedTimestamp implements TimestampParser {
    private final FixedLayout layout;
    private final LocalTimes zone;

    FixedTimestamp(FixedLayout layout, LocalTimes zone) {
        this.layout = layout;
        this.zone = zone;
    }

    @Override
    public long parse(byte[] bytes, int start, int length) {
        if (length != layout.width()) {
            return INVALID;
        }
        long local = layout.parse(bytes, start);
        return local == INVALID ? INVALID : zone.toEpochMillis(local);
    }
}
