package io.tally.window;

/** Windows of one size, in milliseconds, that follow one another without gap or overlap, aligned to the epoch. */
record Tumbling(long size) implements Windowing {
    Tumbling {
        if (size <= 0) {
            throw new IllegalArgumentException("a window has a size of at least 1 ms, not " + size + " ms");
        }
    }

    @Override
    public long sliceStart(long time) {
        return time - Math.floorMod(time, size);
    }

    @Override
    public long lastWindowEnd(long sliceStart) {
        return sliceStart + size;
    }
}
