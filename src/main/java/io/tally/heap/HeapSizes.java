package io.tally.heap;

/**
 * How many bytes of the heap objects take. A header has 12 bytes (16 for arrays), a reference 4; sizes are rounded up
 * to 8. That is so in JVMs with compressed references: all with a heap below 32 GB.
 */
public final class HeapSizes {
    public static final int REFERENCE = 4;
    private static final int ARRAY_HEADER = 16;

    private HeapSizes() {}

    /** Bytes of an object whose fields have so many bytes. */
    public static long object(int fields) {
        return rounded(12L + fields);
    }

    public static long bytes(int length) {
        return rounded(ARRAY_HEADER + (long) length);
    }

    public static long ints(int length) {
        return rounded(ARRAY_HEADER + 4L * length);
    }

    public static long longs(int length) {
        return ARRAY_HEADER + 8L * length;
    }

    public static long references(int length) {
        return rounded(ARRAY_HEADER + (long) REFERENCE * length);
    }

    private static long rounded(long bytes) {
        return bytes + 7 & -8;
    }
}
