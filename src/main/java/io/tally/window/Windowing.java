package io.tally.window;

import java.time.Duration;

/**
 * Window arithmetic for tumbling windows: half-open intervals {@code [start, start + size)} aligned to the epoch, for
 * negative times as for positive ones. Times are milliseconds since the epoch.
 *
 * <p>The engine stores rows by <em>slice</em>, the largest interval that no window border cuts; a tumbling window is
 * its own only slice.
 */
public record Windowing(long size) {
    public Windowing {
        if (size <= 0) {
            throw new IllegalArgumentException("a window has a size of at least 1 ms, not " + size + " ms");
        }
    }

    public static Windowing tumbling(Duration size) {
        return new Windowing(size.toMillis());
    }

    /** Start of the slice that {@code time} belongs to. */
    public long sliceStart(long time) {
        return time - Math.floorMod(time, size);
    }

    /** End of the last window that contains the slice: when the watermark reaches it, the slice is of no more use. */
    public long lastWindowEnd(long sliceStart) {
        return sliceStart + size;
    }
}
