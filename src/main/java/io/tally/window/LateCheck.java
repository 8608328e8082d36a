package io.tally.window;

import org.jspecify.annotations.Nullable;

/**
 * Whether events are late, whatever their keys; see {@link WindowSpec#isLate}. The next event is nearly always in the
 * same slice as the last, so that slice is remembered. Belongs to one thread.
 */
public final class LateCheck {
    private final @Nullable Windowing windowing;
    private final long lateness;
    private long start;
    private long end;
    private long lastWindowEnd;

    public LateCheck(@Nullable Windowing windowing, long lateness) {
        this.windowing = windowing;
        this.lateness = lateness;
    }

    public boolean isLate(long time, long watermark) {
        // No window ends before the times that it contains.
        if (windowing == null || time >= watermark - lateness) {
            return false;
        }
        if (time < start || time >= end) {
            start = windowing.sliceStart(time);
            end = windowing.sliceEnd(start);
            lastWindowEnd = windowing.lastWindowEnd(start);
        }
        return lastWindowEnd <= watermark && watermark - lastWindowEnd >= lateness;
    }
}
