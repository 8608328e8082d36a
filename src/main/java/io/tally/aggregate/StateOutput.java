package io.tally.aggregate;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growing byte buffer with the few encodings that durable state uses; reusable after {@link #reset()}. */
public final class StateOutput {
    private byte[] bytes = new byte[64];
    private int size;

    public void reset() {
        size = 0;
    }

    public int size() {
        return size;
    }

    public void writeByte(int value) {
        ensure(1);
        bytes[size++] = (byte) value;
    }

    /** Eight bytes, most significant first. */
    public void writeLong(long value) {
        ensure(Long.BYTES);
        for (int shift = 56; shift >= 0; shift -= 8) {
            bytes[size++] = (byte) (value >>> shift);
        }
    }

    /** Seven bits a byte, least significant first, high bit set on all but the last: small numbers stay small. */
    public void writeUnsigned(long value) {
        ensure(10);
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
    }

    /** As {@link #writeUnsigned} after zigzag, so that small negative numbers stay small too. */
    public void writeSigned(long value) {
        writeUnsigned((value << 1) ^ (value >> 63));
    }

    public void writeRaw(byte[] source, int start, int length) {
        ensure(length);
        System.arraycopy(source, start, bytes, size, length);
        size += length;
    }

    /** Length and bytes. */
    public void writeBytes(byte[] source) {
        writeUnsigned(source.length);
        writeRaw(source, 0, source.length);
    }

    /** Length and bytes of the other's content. */
    public void writeBytes(StateOutput other) {
        writeUnsigned(other.size);
        writeRaw(other.bytes, 0, other.size);
    }

    public void writeText(String text) {
        writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }

    private void ensure(int more) {
        if (size + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(size + more, bytes.length * 2));
        }
    }
}
