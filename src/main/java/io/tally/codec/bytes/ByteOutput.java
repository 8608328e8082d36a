package io.tally.codec.bytes;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growing byte buffer that is reused from record to record. */
public final class ByteOutput {
    private byte[] bytes = new byte[256];
    private int size;

    public void reset() {
        size = 0;
    }

    public byte[] buffer() {
        return bytes;
    }

    public int size() {
        return size;
    }

    public void write(int b) {
        if (size == bytes.length) {
            ensure(1);
        }
        bytes[size++] = (byte) b;
    }

    public void write(byte[] source) {
        write(source, 0, source.length);
    }

    public void write(byte[] source, int start, int length) {
        ensure(length);
        System.arraycopy(source, start, bytes, size, length);
        size += length;
    }

    public void writeAscii(String text) {
        write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public void writeDecimal(long value) {
        if (value == Long.MIN_VALUE) {
            writeAscii(Long.toString(value));
            return;
        }
        if (value < 0) {
            write('-');
        }
        long rest = Math.abs(value);
        int digits = 1;
        for (long limit = rest; limit >= 10; limit /= 10) {
            digits++;
        }
        ensure(digits);
        for (int i = size + digits - 1; i >= size; i--) {
            bytes[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        size += digits;
    }

    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }

    private void ensure(int more) {
        if (more > bytes.length - size) {
            bytes = Arrays.copyOf(bytes, Math.max(size + more, bytes.length * 2));
        }
    }
}
