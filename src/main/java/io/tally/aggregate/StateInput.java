package io.tally.aggregate;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads what {@link StateOutput} wrote. Every method throws {@link DamagedException} instead of reading past the end,
 * so that a damaged record is found and never half understood.
 */
public final class StateInput {
    private final byte[] bytes;
    private final int end;
    private int position;

    public StateInput(byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    public StateInput(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.position = start;
        this.end = end;
    }

    public int remaining() {
        return end - position;
    }

    public int position() {
        return position;
    }

    public int readByte() {
        require(1);
        return bytes[position++] & 0xFF;
    }

    /** The next byte, without passing over it. */
    public int peekByte() {
        require(1);
        return bytes[position] & 0xFF;
    }

    public long readLong() {
        require(Long.BYTES);
        long value = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            value = (value << 8) | (bytes[position++] & 0xFF);
        }
        return value;
    }

    public long readUnsigned() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            int next = readByte();
            value |= (long) (next & 0x7F) << shift;
            if (next < 0x80) {
                return value;
            }
        }
        throw new DamagedException("a variable-length number of more than 10 bytes at position " + position);
    }

    /** One byte, 0 or 1. */
    public boolean readFlag() {
        int flag = readByte();
        if (flag > 1) {
            throw new DamagedException("a flag of " + flag + " at position " + position);
        }
        return flag == 1;
    }

    /** An unsigned number that must fit a non-negative long. */
    public long readCount() {
        long value = readUnsigned();
        if (value < 0) {
            throw new DamagedException("a count beyond 2^63 at position " + position);
        }
        return value;
    }

    /** An unsigned number that must fit a non-negative int. */
    public int readSize() {
        long value = readUnsigned();
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw new DamagedException("a size of " + value + " at position " + position);
        }
        return (int) value;
    }

    public long readSigned() {
        long value = readUnsigned();
        return (value >>> 1) ^ -(value & 1);
    }

    public byte[] readBytes() {
        int length = readSize();
        require(length);
        byte[] result = Arrays.copyOfRange(bytes, position, position + length);
        position += length;
        return result;
    }

    /** Another reader of the same bytes, from an earlier {@link #position}. */
    public StateInput from(int start) {
        return new StateInput(bytes, start, end);
    }

    /** Passes over so many bytes and returns the position of the first. */
    public int skip(int length) {
        require(length);
        int start = position;
        position += length;
        return start;
    }

    public String readText() {
        return new String(readBytes(), StandardCharsets.UTF_8);
    }

    /** Fails unless everything was read. */
    public void expectEnd() {
        if (position != end) {
            throw new DamagedException(remaining() + " unexpected bytes after position " + position);
        }
    }

    private void require(int length) {
        if (length > end - position) {
            throw new DamagedException(
                    length + " bytes expected at position " + position + ", " + (end - position) + " left");
        }
    }
}
