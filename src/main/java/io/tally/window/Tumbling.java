package io.tally.window;

/**
 * Windows of one size, in milliseconds, that follow one another without gap or overlap.
 *
 * @param offset where one of them begins after the epoch, from 0 to less than the size
 */
record Tumbling(long size, long offset) implements Windowing {
    Tumbling {
        if (size <= 0) {
            throw new IllegalArgumentException("a window has a size of at least 1 ms, not " + size + " ms");
        }
        offset = Math.floorMod(offset, size);
    }

    @Override
    public long sliceStart(long time) {
        return time - Math.floorMod(time - offset, size);
    }

    @Override
    public long lastWindowEnd(long sliceStart) {
        return sliceStart + size;
    }
}
