package io.tally.codec;

import io.tally.codec.bytes.ByteRange;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A source record made by hand; as in a fetched batch, its key and value lie between other bytes. */
public record TestRecord(
        long offset,
        long timestamp,
        @Nullable ByteRange key,
        @Nullable ByteRange value,
        int partition,
        int partitions,
        boolean hasAppendTime)
        implements SourceRecord {
    public TestRecord(long offset, long timestamp, @Nullable ByteRange key, @Nullable ByteRange value) {
        this(offset, timestamp, key, value, 0, 1, false);
    }

    public TestRecord(
            long offset,
            long timestamp,
            @Nullable ByteRange key,
            @Nullable ByteRange value,
            int partition,
            int partitions) {
        this(offset, timestamp, key, value, partition, partitions, false);
    }

    /** 2026-01-01T00:00:00Z. */
    public static final long NEW_YEAR = 1_767_225_600_000L;

    public static TestRecord of(@Nullable String key, @Nullable String value) {
        return of(bytes(key), bytes(value));
    }

    public static TestRecord of(byte @Nullable [] key, byte @Nullable [] value) {
        return new TestRecord(0, NEW_YEAR, key == null ? null : amidst(key), value == null ? null : amidst(value));
    }

    public TestRecord in(int partition, int partitions) {
        return new TestRecord(offset, timestamp, key, value, partition, partitions, hasAppendTime);
    }

    /** The same, with a timestamp from the broker. */
    public TestRecord appended() {
        return new TestRecord(offset, timestamp, key, value, partition, partitions, true);
    }

    public TestRecord at(long timestamp) {
        return new TestRecord(offset, timestamp, key, value);
    }

    /** The bytes in the midst of others, which change every verdict if they are taken for part of it. */
    public static ByteRange amidst(byte[] bytes) {
        byte[] before = "\"7 7,\n".getBytes(StandardCharsets.US_ASCII);
        byte[] after = "7 7,\"\r\n".getBytes(StandardCharsets.US_ASCII);
        byte[] all = new byte[before.length + bytes.length + after.length];
        System.arraycopy(before, 0, all, 0, before.length);
        System.arraycopy(bytes, 0, all, before.length, bytes.length);
        System.arraycopy(after, 0, all, before.length + bytes.length, after.length);
        return new ByteRange().show(all, before.length, before.length + bytes.length);
    }

    public static byte @Nullable [] bytes(@Nullable String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }
}
