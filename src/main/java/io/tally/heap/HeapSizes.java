package io.tally.heap;

/**
 * What objects take of the heap, in bytes, in a JVM with compressed references, as all with a heap below 32 GB are: a
 * header of 12 bytes, of arrays 16, references of 4, all rounded up to 8.
 */
public final class HeapSizes {
    public static final int REFERENCE = 4;
    private static final int ARRAY_HEADER = 16;

    private HeapSizes() {}

    /** An object with fields of so many bytes. */
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
