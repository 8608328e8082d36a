package io.tally.engine;

import io.tally.aggregate.AggregateFailedException;
import io.tally.aggregate.Event;
import io.tally.engine.partial.Partial;
import io.tally.engine.row.Accumulators;
import io.tally.engine.row.Aggregates;
import io.tally.engine.row.RowTable;
import io.tally.engine.slice.MergedRows;
import io.tally.engine.slice.OpenSlices;
import io.tally.engine.slice.Slice;
import io.tally.engine.slice.WindowMerger;
import io.tally.window.LateCheck;
import io.tally.window.Windowing;
import org.jspecify.annotations.Nullable;

/**
 * Rows by slice and key, and rows of windows that leave once, when their window closes. A record is folded into one
 * slice however many windows it belongs to; where windows overlap, their rows are put together when they close. Windows
 * that close before their rows grow old are never written to the state topic at all.
 *
 * <p>The watermark tells which windows have closed, and all slices of an open window are open. So a restore that
 * rebuilds the open slices has all that is needed for the rows to come.
 */
final class SliceEngine extends SlicedEngine {
    final LateCheck late;
    /** Only where windows overlap; otherwise a window's rows are those of its slice. */
    private final @Nullable WindowMerger merger;

    /** Slices that start before this may be in rows that the merger keeps. */
    private long mergedUpTo = Long.MIN_VALUE;

    SliceEngine(Windowing windowing, long grace, Aggregates aggregates, long maxEntries) {
        super(windowing, grace, aggregates, false, maxEntries);
        this.late = new LateCheck(windowing, 0);
        this.merger = windowing.overlaps() ? WindowMerger.of(windowing, aggregates) : null;
    }

    @Override
    public int openWindows() {
        return open.slices.size();
    }

    @Override
    public long oldestOpenWindow() {
        return open.slices.get(0).start;
    }

    @Override
    public boolean showOpen(int limit, WindowVisitor visitor) {
        open.slices.stream().limit(limit).forEach(slice -> visitor.window(slice.start, slice.end, slice.rows.size()));
        return true;
    }

    @Override
    public int windowsToClose() {
        int count = 0;
        while (count < open.slices.size() && windowing.lastWindowEnd(open.slices.get(count).start) <= target) {
            count++;
        }
        return count;
    }

    @Override
    public void aimAtAll() {
        if (!open.slices.isEmpty()) {
            Slice last = open.slices.get(open.slices.size() - 1);
            aim(windowing.lastWindowEnd(last.start));
        }
    }

    @Override
    public boolean fold(Event event, long offset, WindowOutput output) {
        Slice slice = openSlice(event.time());
        if (slice == null) {
            return false;
        }
        if (aggregates.mayRefuse()) {
            prepare(slice, event);
        }
        int row = open.row(slice, event.keyBuffer(), event.keyStart(), event.keyLength(), offset);
        aggregates.add(slice.rows, row, event);
        changed(slice, row);
        return true;
    }

    @Override
    public boolean foldPartial(Partial partial, long offset, WindowOutput output) {
        Accumulators accumulators = partials.read(partial);
        Slice slice = openSlice(partial.minTime());
        if (slice == null) {
            return false;
        }
        int row = open.row(slice, partial.keyBuffer(), partial.keyStart(), partial.keyLength(), offset);
        aggregates.merge(slice.rows, row, accumulators);
        changed(slice, row);
        return true;
    }

    private void changed(Slice slice, int row) {
        if (slice.start < mergedUpTo && merger != null) {
            merger.changed(open, slice, row);
        }
    }

    void prepare(Slice slice, Event event) {
        try {
            aggregates.prepare(slice.rows, event);
        } catch (AggregateFailedException e) {
            // If it was made for this event alone, a restore would not know it.
            open.dropIfEmpty(slice);
            throw e;
        }
    }

    @Override
    public int checkpoint(long dirtyBefore, long appliedUpTo, int limit, WindowOutput rows, CheckpointOutput entries) {
        return open.take(OpenSlices.DIRTY, dirtyBefore, limit, (slice, row) -> {
            entries.write(view.at(slice, row), appliedUpTo);
            slice.rows.written(row, appliedUpTo);
        });
    }

    @Override
    public EarlyRows earlyRows() {
        return EarlyRows.NONE;
    }

    @Override
    public EngineRestore restore(long recoveryOffset, long recoveryWatermark) {
        watermark = recoveryWatermark;
        return new SliceRestore(this);
    }

    /** Closes the windows with an end after the watermark, up to its target, in the order of their ends. */
    @Override
    void close(WindowOutput output) {
        int closed = 0;
        long closedUpTo = watermark;
        long reached = target;
        while (closed < open.slices.size()) {
            Slice first = open.slices.get(closed);
            long end = windowing.nextWindowEnd(Math.max(closedUpTo, first.start));
            if (end > target) {
                break;
            }
            if (!emit(first, end, output)) {
                reached = end - 1;
                break;
            }
            closedUpTo = end;
            while (closed < open.slices.size() && windowing.lastWindowEnd(open.slices.get(closed).start) <= end) {
                closed++;
            }
        }
        watermark = reached;
        if (closed > 0) {
            open.removeFirst(closed, expired::add);
            expired.forget(output);
        }
        nextEvent = open.slices.isEmpty()
                ? Windowing.NEVER
                : windowing.nextWindowEnd(Math.max(watermark, open.slices.get(0).start));
    }

    /** Sends the rows of a window that have not left; false if there is no room for all. */
    private boolean emit(Slice first, long end, WindowOutput output) {
        if (!closing.isBegun()) {
            begin(first, end, 0);
        }
        RowTable rows = closing.rows();
        long start = windowing.windowStart(end);
        while (closing.rowsLeft() < rows.size()) {
            if (!output.hasRoom()) {
                return false;
            }
            int row = closing.next();
            output.result(new WindowResult(start, end, rows.key(row), aggregates.results(rows, row)));
        }
        closing.end();
        if (merger != null) {
            merger.release(end);
        }
        return true;
    }

    void begin(Slice first, long end, int rowsLeft) {
        if (merger == null) {
            closing.begin(first.rows, null, rowsLeft);
        } else {
            MergedRows merged = merger.merge(open, end);
            mergedUpTo = end;
            closing.begin(merged.rows, merged.order(), rowsLeft);
        }
    }

    /** The slice that a time belongs to, null if all its windows have closed. */
    @Nullable
    Slice openSlice(long time) {
        Slice slice = open.find(time);
        if (slice != null) {
            return slice;
        }
        return late.isLate(time, watermark) ? null : sliceOf(time);
    }

    Slice sliceOf(long time) {
        Slice slice = open.of(time);
        nextEvent = Math.min(nextEvent, windowing.nextWindowEnd(Math.max(watermark, slice.start)));
        return slice;
    }
}
