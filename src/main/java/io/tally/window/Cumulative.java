package io.tally.window;

/**
 * Windows that begin with each whole size, in milliseconds, aligned to the epoch, and end with each step of it: the
 * first is one step long, the last has the whole size.
 */
public record Cumulative(long size, long step) implements Windowing {
    public Cumulative {
        if (step <= 0 || size <= 0 || size % step != 0) {
            throw new IllegalArgumentException(
                    "windows of up to " + size + " ms grow by a step that divides it, not by " + step + " ms");
        }
    }

    @Override
    public long sliceStart(long time) {
        return time - Math.floorMod(time, step);
    }

    @Override
    public long sliceEnd(long sliceStart) {
        return sliceStart + step;
    }

    @Override
    public long lastWindowEnd(long sliceStart) {
        return sliceStart - Math.floorMod(sliceStart, size) + size;
    }

    @Override
    public long nextWindowEnd(long time) {
        return sliceStart(time) + step;
    }

    @Override
    public long windowStart(long end) {
        return end - 1 - Math.floorMod(end - 1, size);
    }

    @Override
    public boolean overlaps() {
        return true;
    }
}
