package io.tally.window;

/**
 * Windows that begin with each whole size, in milliseconds, and end with each step of it: the first is one step long,
 * the last has the whole size.
 *
 * @param offset where some of them begin after the epoch, from 0 to less than the size
 */
public record Cumulative(long size, long step, long offset) implements Windowing {
    public Cumulative {
        if (step <= 0 || size <= 0 || size % step != 0) {
            throw new IllegalArgumentException(
                    "windows of up to " + size + " ms grow by a step that divides it, not by " + step + " ms");
        }
        offset = Math.floorMod(offset, size);
    }

    @Override
    public long sliceStart(long time) {
        return time - Math.floorMod(time - offset, step);
    }

    @Override
    public long sliceEnd(long sliceStart) {
        return sliceStart + step;
    }

    @Override
    public long lastWindowEnd(long sliceStart) {
        return sliceStart - Math.floorMod(sliceStart - offset, size) + size;
    }

    @Override
    public long nextWindowEnd(long time) {
        return sliceStart(time) + step;
    }

    @Override
    public long windowStart(long end) {
        return end - 1 - Math.floorMod(end - 1 - offset, size);
    }

    @Override
    public boolean overlaps() {
        return true;
    }
}
