package io.tally.engine;

import io.tally.engine.partial.PartialReader;
import io.tally.engine.row.Aggregates;
import io.tally.engine.slice.OpenSlices;
import io.tally.engine.slice.RevisionColumns;
import io.tally.engine.slice.SliceEntry;
import io.tally.window.Windowing;
import org.jspecify.annotations.Nullable;

/**
 * Rows by slice and key, for windows whose borders do not depend on the records. It moves the watermark, and knows what
 * must be saved. Subclasses say what a slice stands for, and what leaves when.
 */
abstract sealed class SlicedEngine implements WindowEngine permits SliceEngine, RevisionEngine {
    final Windowing windowing;
    private final long grace;
    final Aggregates aggregates;
    final PartialReader partials;
    final OpenSlices open;
    final SliceEntry view;
    final ExpiredSlices expired;
    final ClosingWindow closing = new ClosingWindow();

    long watermark = NO_WATERMARK;
    long target = NO_WATERMARK;
    /** The watermark moves up to there without anything to do. */
    long nextEvent = Windowing.NEVER;

    /**
     * Without slices.
     *
     * @param grace milliseconds
     * @param revised whether rows may leave more than once, so that they have revisions
     * @param maxEntries limit of rows
     */
    SlicedEngine(Windowing windowing, long grace, Aggregates aggregates, boolean revised, long maxEntries) {
        int columns = revised ? RevisionColumns.COUNT : 0;
        this.windowing = windowing;
        this.grace = grace;
        this.aggregates = aggregates;
        partials = new PartialReader(aggregates);
        open = new OpenSlices(windowing, aggregates, columns, maxEntries);
        view = new SliceEntry(aggregates, revised);
        expired = new ExpiredSlices(aggregates, columns, view);
    }

    /** Closes windows up to the target while there is room, moves the watermark as far, and drops what has expired. */
    abstract void close(WindowOutput output);

    @Override
    public long watermark() {
        return watermark;
    }

    @Override
    public long openEntries() {
        return open.entries();
    }

    @Override
    public long target() {
        return target;
    }

    @Override
    public int rowsLeft() {
        return closing.rowsLeft();
    }

    @Override
    public boolean advance(long time, WindowOutput output) {
        long candidate = time - grace;
        if (candidate <= watermark) {
            return true;
        }
        if (candidate < nextEvent) {
            watermark = candidate;
            return true;
        }
        aim(candidate);
        return catchUp(output);
    }

    @Override
    public void aim(long candidate) {
        target = Math.max(target, candidate);
    }

    @Override
    public boolean isBehind() {
        return target > watermark || !expired.isEmpty();
    }

    @Override
    public boolean catchUp(WindowOutput output) {
        if (!expired.forget(output)) {
            return false;
        }
        if (target > watermark) {
            close(output);
        }
        return !isBehind();
    }

    @Override
    public @Nullable Expired expired() {
        return expired.describe();
    }

    @Override
    public long windowStart(long time) {
        return windowing.windowStart(windowEnd(time));
    }

    @Override
    public long windowEnd(long time) {
        return windowing.lastWindowEnd(windowing.sliceStart(time));
    }

    @Override
    public long recoveryOffset() {
        return open.oldest(OpenSlices.DIRTY);
    }

    @Override
    public boolean writesCuts() {
        return false;
    }

    @Override
    public long recoveryWatermark() {
        return watermark;
    }
}
