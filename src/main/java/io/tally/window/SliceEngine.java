package io.tally.window;

import org.jspecify.annotations.Nullable;

/**
 * Rows by slice and key, which leave once, when their window closes. Windows that close before their rows grow old are
 * never written to the state topic at all.
 */
final class SliceEngine implements WindowEngine {
    private final Windowing windowing;
    private final long grace;
    private final long maxEntries;
    private final StateEntry view;
    private final PartialReader partials;
    // Package-private for the tests' view of the engine.
    final Aggregates aggregates;
    final OpenSlices open;

    private long watermark = NO_WATERMARK;
    private long nextClose = Long.MAX_VALUE;
    private long entries;

    SliceEngine(Windowing windowing, long grace, Aggregates aggregates, long maxEntries) {
        this.windowing = windowing;
        this.grace = grace;
        this.maxEntries = maxEntries;
        this.aggregates = aggregates;
        this.open = new OpenSlices(windowing, aggregates);
        this.view = new StateEntry(aggregates, new Slice(0, aggregates.newTable()));
        this.partials = new PartialReader(aggregates);
    }

    @Override
    public long watermark() {
        return watermark;
    }

    @Override
    public long openEntries() {
        return entries;
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
    public void advance(long time, WindowOutput output) {
        long candidate = time - grace;
        if (candidate > watermark) {
            watermark = candidate;
            if (candidate >= nextClose) {
                close(output);
            }
        }
    }

    @Override
    public void advanceWatermark(long candidate, WindowOutput output) {
        if (candidate > watermark) {
            watermark = candidate;
            if (candidate >= nextClose) {
                close(output);
            }
        }
    }

    @Override
    public void closeAll(WindowOutput output) {
        if (!open.slices.isEmpty()) {
            Slice last = open.slices.get(open.slices.size() - 1);
            advanceWatermark(windowing.lastWindowEnd(last.start), output);
        }
    }

    @Override
    public long windowStart(long time) {
        return windowing.sliceStart(time);
    }

    @Override
    public long windowEnd(long time) {
        return windowing.lastWindowEnd(windowing.sliceStart(time));
    }

    @Override
    public boolean fold(Event event, long offset, WindowOutput output) {
        Slice slice = openSlice(event.time());
        if (slice == null) {
            return false;
        }
        prepare(slice, event);
        int row = row(slice, event.keyBuffer(), event.keyStart(), event.keyLength(), offset);
        aggregates.add(slice.rows, row, event);
        return true;
    }

    @Override
    public boolean foldPartial(Partial partial, long offset, WindowOutput output) {
        if (isLate(partial.minTime())) {
            return false;
        }
        partials.read(partial);
        Slice slice = sliceOf(partial.minTime());
        int row = row(slice, partial.keyBuffer(), partial.keyStart(), partial.keyLength(), offset);
        partials.mergeInto(slice.rows, row);
        return true;
    }

    /** Asks the functions that may refuse the event, while it has left no trace yet. */
    private void prepare(Slice slice, Event event) {
        try {
            aggregates.prepare(slice.rows, event);
        } catch (AggregateFailedException e) {
            if (slice.rows.size() == 0) {
                // Made for this event alone: after a restore it would not be there.
                open.drop(slice);
                updateNextClose();
            }
            throw e;
        }
    }

    /** The row of a key that is about to change, new if need be. */
    private int row(Slice slice, byte[] key, int start, int length, long offset) {
        int hash = KeyHash.of(key, start, length);
        int row = slice.rows.find(hash, key, start, length);
        if (row < 0) {
            if (entries >= maxEntries) {
                throw new EntryLimitExceededException(maxEntries, open.slices.size());
            }
            entries++;
            return slice.rows.add(hash, key, start, length, offset);
        }
        if (slice.rows.touch(row, offset)) {
            slice.dirtyAgain(row);
        }
        return row;
    }

    @Override
    public long recoveryOffset() {
        return open.oldestDirty();
    }

    @Override
    public int checkpoint(long dirtyBefore, long appliedUpTo, int limit, WindowOutput rows, CheckpointOutput output) {
        int written = 0;
        while (written < limit) {
            Slice oldest = null;
            long since = dirtyBefore;
            long runnerUp = dirtyBefore;
            for (Slice slice : open.slices) {
                long candidate = slice.oldestDirty();
                if (candidate < since) {
                    runnerUp = since;
                    since = candidate;
                    oldest = slice;
                } else {
                    runnerUp = Math.min(runnerUp, candidate);
                }
            }
            if (oldest == null) {
                break;
            }
            // Stay with this slice as long as it has the oldest, instead of asking all slices for each entry.
            do {
                int row = oldest.takeOldestDirty();
                view.at(oldest, row);
                output.write(view, appliedUpTo);
                oldest.rows.written(row, appliedUpTo);
                written++;
            } while (written < limit && oldest.oldestDirty() < runnerUp);
        }
        return written;
    }

    @Override
    public void restoreWatermark(long stored) {
        watermark = stored;
    }

    @Override
    public void restoreEntry(
            long sliceStart,
            int ordinal,
            byte[] key,
            int keyStart,
            int keyLength,
            long appliedUpTo,
            StateInput accumulators) {
        if (windowing.lastWindowEnd(sliceStart) <= watermark) {
            throw new IllegalStateException(
                    "an entry of the window that starts at " + sliceStart + " ms, which had closed");
        }
        if (windowing.sliceStart(sliceStart) != sliceStart) {
            throw new IllegalStateException("an entry's window starts at " + sliceStart
                    + " ms, which no window of this size does: the state was written with another window size");
        }
        Slice slice = sliceOf(sliceStart);
        if (slice.rows.find(key, keyStart, keyLength) >= 0) {
            throw new IllegalStateException("two entries for the same key in the window that starts at " + sliceStart);
        }
        slice.rows.restore(ordinal, key, keyStart, keyLength, appliedUpTo);
        entries++;
        aggregates.read(slice.rows, ordinal, accumulators);
        accumulators.expectEnd();
    }

    @Override
    public void replay(Event event, long offset) {
        Slice slice = openSlice(event.time());
        if (slice == null) {
            return;
        }
        prepare(slice, event);
        int row = replayRow(slice, event.keyBuffer(), event.keyStart(), event.keyLength(), offset);
        if (row >= 0) {
            aggregates.add(slice.rows, row, event);
        }
    }

    @Override
    public void replayPartial(Partial partial, long offset) {
        if (isLate(partial.minTime())) {
            return;
        }
        partials.read(partial);
        Slice slice = sliceOf(partial.minTime());
        int row = replayRow(slice, partial.keyBuffer(), partial.keyStart(), partial.keyLength(), offset);
        if (row >= 0) {
            partials.mergeInto(slice.rows, row);
        }
    }

    /** The row of a key that lacks the record at {@code offset}, -1 if it has it. */
    private int replayRow(Slice slice, byte[] key, int start, int length, long offset) {
        int hash = KeyHash.of(key, start, length);
        int row = slice.rows.find(hash, key, start, length);
        if (row < 0) {
            entries++;
            return slice.rows.add(hash, key, start, length, offset);
        }
        if (offset < slice.rows.appliedUpTo(row)) {
            return -1;
        }
        if (slice.rows.touch(row, offset)) {
            slice.dirtyAgain(row);
        }
        return row;
    }

    @Override
    public void completeRestore() {
        open.requireDense();
    }

    private void close(WindowOutput output) {
        int closed = 0;
        while (closed < open.slices.size() && windowing.lastWindowEnd(open.slices.get(closed).start) <= watermark) {
            emit(open.slices.get(closed), output);
            closed++;
        }
        open.dropFirst(closed);
        updateNextClose();
    }

    private void updateNextClose() {
        nextClose = open.slices.isEmpty() ? Long.MAX_VALUE : windowing.lastWindowEnd(open.slices.get(0).start);
    }

    private void emit(Slice slice, WindowOutput output) {
        RowTable rows = slice.rows;
        long end = windowing.lastWindowEnd(slice.start);
        for (int row = 0; row < rows.size(); row++) {
            output.result(new WindowResult(slice.start, end, rows.key(row), aggregates.results(rows, row)));
            if (rows.appliedUpTo(row) != RowTable.NEVER) {
                view.at(slice, row);
                output.forget(view);
            }
        }
        entries -= rows.size();
    }

    /** The slice that a time belongs to, null if all its windows have closed. */
    private @Nullable Slice openSlice(long time) {
        Slice slice = open.recentFor(time);
        if (slice != null) {
            return slice;
        }
        return isLate(time) ? null : sliceOf(time);
    }

    private boolean isLate(long time) {
        return windowEnd(time) <= watermark;
    }

    private Slice sliceOf(long time) {
        Slice slice = open.of(time);
        nextClose = Math.min(nextClose, windowing.lastWindowEnd(slice.start));
        return slice;
    }
}
