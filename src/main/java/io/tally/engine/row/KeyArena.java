package io.tally.engine.row;

import io.tally.heap.HeapSizes;
import java.util.Arrays;

/**
 * The bytes of many short keys, end to end in chunks: a key costs its length and no object. A reference packs chunk,
 * offset and length into a long that is never 0. Keys are only added; the arena is dropped as a whole with its slice.
 */
final class KeyArena {
    /** Chunk size, and so the longest key. */
    static final int CHUNK = 1 << 16;

    private static final byte[] NONE = new byte[0];

    private byte[][] chunks = {NONE};
    private int last;
    private int used;
    private long heapBytes = HeapSizes.object(24) + HeapSizes.references(1);

    /** Bytes that it takes of the heap. */
    long heapBytes() {
        return heapBytes;
    }

    long add(byte[] source, int start, int length) {
        if (length <= 0 || length >= CHUNK) {
            throw new IllegalArgumentException("a key has 1 to " + (CHUNK - 1) + " bytes, not " + length);
        }
        if (used + length > chunks[last].length) {
            makeRoom(length);
        }
        System.arraycopy(source, start, chunks[last], used, length);
        long reference = (long) last << 32 | (long) used << 16 | length;
        used += length;
        return reference;
    }

    byte[] chunk(long reference) {
        return chunks[(int) (reference >>> 32)];
    }

    static int offset(long reference) {
        return (int) (reference >>> 16) & 0xFFFF;
    }

    static int length(long reference) {
        return (int) reference & 0xFFFF;
    }

    boolean matches(long reference, byte[] key, int start, int length) {
        if (length(reference) != length) {
            return false;
        }
        int offset = offset(reference);
        return Arrays.equals(chunk(reference), offset, offset + length, key, start, start + length);
    }

    private void makeRoom(int length) {
        int size = chunks[last].length;
        if (size < CHUNK && used + length <= CHUNK) {
            int grown =
                    size == 0 ? length : Math.min(CHUNK, Math.max(size * 2, Integer.highestOneBit(used + length) * 2));
            heapBytes += HeapSizes.bytes(grown) - (size == 0 ? 0 : HeapSizes.bytes(size));
            chunks[last] = Arrays.copyOf(chunks[last], grown);
            return;
        }
        last++;
        if (last == chunks.length) {
            heapBytes += HeapSizes.references(last * 2) - HeapSizes.references(last);
            chunks = Arrays.copyOf(chunks, last * 2);
        }
        heapBytes += HeapSizes.bytes(CHUNK);
        chunks[last] = new byte[CHUNK];
        used = 0;
    }
}
