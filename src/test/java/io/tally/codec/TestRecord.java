package io.tally.codec;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A source record made by hand. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record TestRecord(long offset, long timestamp, byte @Nullable [] key, byte @Nullable [] value) implements SourceRecord {
    /** 2026-01-01T00:00:00Z. */
    static final long NEW_YEAR = 1_767_225_600_000L;

    static TestRecord of(@Nullable String key, @Nullable String value) {
        return new TestRecord(0, NEW_YEAR, bytes(key), bytes(value));
    }

    TestRecord at(long timestamp) {
        return new TestRecord(offset, timestamp, key, value);
    }

    static byte @Nullable [] bytes(@Nullable String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }
}
