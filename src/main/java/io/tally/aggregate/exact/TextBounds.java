package io.tally.aggregate.exact;

/**
 * How many texts an accumulator may keep: a number, and at most {@value #MAX_BYTES} bytes, each text counted with
 * {@value #OVERHEAD} more. So one accumulator never makes its entry too large for the state topic (1 MB by default).
 *
 * @param limit the most texts, 1 to {@value #MAX_TEXTS}
 */
record TextBounds(int limit) {
    static final int MAX_BYTES = 256 * 1024;
    static final int OVERHEAD = 8;
    /** An entry of a tree map. */
    static final int TREE_NODE = 40;
    /** A collection without texts, and the object around it. */
    private static final int EMPTY = 80;

    static final int MAX_TEXTS = MAX_BYTES / OVERHEAD;

    TextBounds {
        if (limit < 1 || limit > MAX_TEXTS) {
            throw new IllegalArgumentException("must be 1 to " + MAX_TEXTS);
        }
    }

    static int size(byte[] text) {
        return text.length + OVERHEAD;
    }

    /**
     * Bytes that texts take of the heap.
     *
     * @param bytes the sum of their {@link #size}
     * @param slot bytes that each takes in its collection, beside its own array
     */
    static long heapBytes(int texts, int bytes, int slot) {
        // The array of a text has a header of 16 bytes, and 4 on the average to round it up.
        return EMPTY + bytes + (long) texts * (slot + 16 + 4 - OVERHEAD);
    }

    /** Whether so many texts of that size together are within the bounds. */
    boolean allow(int texts, int bytes) {
        return texts <= limit && bytes <= MAX_BYTES;
    }
}
