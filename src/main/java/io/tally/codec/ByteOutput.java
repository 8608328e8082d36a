package io.tally.codec;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growing byte buffer that is reused from record to record. */
final class ByteOutput {
    private byte[] bytes = new byte[256];
    private int size;

    void reset() {
        size = 0;
    }

    byte[] buffer() {
        return bytes;
    }

    int size() {
        return size;
    }

    void write(int b) {
        if (size == bytes.length) {
            ensure(1);
        }
        bytes[size++] = (byte) b;
    }

    void write(byte[] source) {
        write(source, 0, source.length);
    }

    void write(byte[] source, int start, int length) {
        ensure(length);
        System.arraycopy(source, start, bytes, size, length);
        size += length;
    }

    void writeAscii(String text) {
        write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    void writeDecimal(long value) {
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

    byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }

    private void ensure(int more) {
        if (more > bytes.length - size) {
            bytes = Arrays.copyOf(bytes, Math.max(size + more, bytes.length * 2));
        }
    }
}
