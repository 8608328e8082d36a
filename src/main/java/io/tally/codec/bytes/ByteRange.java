package io.tally.codec.bytes;

import java.util.Arrays;

/**
 * A range of somebody else's array: a record's key or value within the buffer that the client has fetched. One object
 * shows one record after the other, so nothing is copied or allocated for a record. To keep the bytes, take a
 * {@link #copy}.
 */
public final class ByteRange {
    private static final byte[] EMPTY = {};

    private byte[] bytes = EMPTY;
    private int start;
    private int end;

    /** All of an array. */
    public static ByteRange of(byte[] bytes) {
        return new ByteRange().show(bytes, 0, bytes.length);
    }

    /** Shows this range of an array from now on. */
    public ByteRange show(byte[] array, int from, int to) {
        bytes = array;
        start = from;
        end = to;
        return this;
    }

    public byte[] bytes() {
        return bytes;
    }

    public int start() {
        return start;
    }

    /** One behind the last byte. */
    public int end() {
        return end;
    }

    public int length() {
        return end - start;
    }

    public byte[] copy() {
        return Arrays.copyOfRange(bytes, start, end);
    }
}
