package io.tally.codec.bytes;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Questions about byte ranges, answered eight bytes at a time. */
public final class ByteScan {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;

    private ByteScan() {}

    /** Index of the first {@code wanted} in {@code [from, to)}, or {@code to} if there is none. */
    public static int indexOf(byte[] bytes, int from, int to, byte wanted) {
        long pattern = (wanted & 0xFF) * ONES;
        int i = from;
        for (; i <= to - Long.BYTES; i += Long.BYTES) {
            long difference = (long) LONG.get(bytes, i) ^ pattern;
            // The lowest set high bit marks the first zero byte. Borrows can only falsify bits above it.
            long zeros = (difference - ONES) & ~difference & HIGH_BITS;
            if (zeros != 0) {
                return i + (Long.numberOfTrailingZeros(zeros) >>> 3);
            }
        }
        for (; i < to; i++) {
            if (bytes[i] == wanted) {
                return i;
            }
        }
        return to;
    }

    /** Index of the first {@code a} or {@code b} in {@code [from, to)}, or {@code to} if there is neither. */
    public static int indexOfEither(byte[] bytes, int from, int to, byte a, byte b) {
        long patternA = (a & 0xFF) * ONES;
        long patternB = (b & 0xFF) * ONES;
        int i = from;
        for (; i <= to - Long.BYTES; i += Long.BYTES) {
            long word = (long) LONG.get(bytes, i);
            // As in indexOf, the lowest set bit is that of a true match in each, and so in both.
            long zeros = zeros(word ^ patternA) | zeros(word ^ patternB);
            if (zeros != 0) {
                return i + (Long.numberOfTrailingZeros(zeros) >>> 3);
            }
        }
        for (; i < to; i++) {
            if (bytes[i] == a || bytes[i] == b) {
                return i;
            }
        }
        return to;
    }

    /** Whether {@code wanted} is in {@code [from, to)}; where it is not, as a rule, faster than {@link #indexOf}. */
    public static boolean contains(byte[] bytes, int from, int to, byte wanted) {
        if (to - from < Long.BYTES) {
            return indexOf(bytes, from, to, wanted) < to;
        }
        long pattern = (wanted & 0xFF) * ONES;
        // The last eight bytes may overlap those before.
        long zeros = zeros((long) LONG.get(bytes, to - Long.BYTES) ^ pattern);
        for (int i = from; i < to - Long.BYTES; i += Long.BYTES) {
            zeros |= zeros((long) LONG.get(bytes, i) ^ pattern);
        }
        return zeros != 0;
    }

    /** Not 0 if there is a byte of 0. */
    private static long zeros(long word) {
        return (word - ONES) & ~word & HIGH_BITS;
    }

    /** Whether all bytes in {@code [from, to)} are ASCII. */
    static boolean isAscii(byte[] bytes, int from, int to) {
        if (to - from < Long.BYTES) {
            int bits = 0;
            for (int i = from; i < to; i++) {
                bits |= bytes[i];
            }
            return bits >= 0;
        }
        // The last eight bytes may overlap those before.
        long bits = (long) LONG.get(bytes, to - Long.BYTES);
        for (int i = from; i < to - Long.BYTES; i += Long.BYTES) {
            bits |= (long) LONG.get(bytes, i);
        }
        return (bits & HIGH_BITS) == 0;
    }

    /**
     * Whether two ranges are equal. For the few dozen bytes of a key or timestamp it is faster than
     * {@link java.util.Arrays#equals}, which calls a stub for long arrays.
     */
    public static boolean equal(byte[] a, int aStart, byte[] b, int bStart, int length) {
        int i = 0;
        if (length >= Long.BYTES) {
            int last = length - Long.BYTES;
            for (; i < last; i += Long.BYTES) {
                if ((long) LONG.get(a, aStart + i) != (long) LONG.get(b, bStart + i)) {
                    return false;
                }
            }
            // The last eight bytes, which may overlap those before.
            return (long) LONG.get(a, aStart + last) == (long) LONG.get(b, bStart + last);
        }
        for (; i < length; i++) {
            if (a[aStart + i] != b[bStart + i]) {
                return false;
            }
        }
        return true;
    }

    /** The end of the range without the line ends (line feeds and carriage returns) that it ends with. */
    public static int withoutLineEnds(ByteRange range) {
        return withoutLineEnds(range.bytes(), range.start(), range.end());
    }

    /** The end of {@code [from, to)} without the line ends that it ends with. */
    public static int withoutLineEnds(byte[] bytes, int from, int to) {
        int end = to;
        while (end > from && (bytes[end - 1] == '\n' || bytes[end - 1] == '\r')) {
            end--;
        }
        return end;
    }
}
