package io.tally.window;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Event-time windows over one source partition: the pure core. Records go in by offset; closed windows, and the entries
 * that a checkpoint should write, come out. It reads no clock, does no I/O and belongs to one thread.
 *
 * <p><b>Event time.</b> The watermark is the highest event time seen minus the grace. It moves record by record, so
 * what is late depends on the records before it and on nothing else: not on where polls are cut, not on the wall clock.
 * A record is late iff every window that it belongs to has closed. Only {@link #closeAll} moves it otherwise, for
 * sources that fall silent.
 *
 * <p><b>Recovery</b> follows write-ahead logging (ARIES: recovery LSN, dirty-page table) with the source topic as the
 * log. Each row knows the offset of its first update that the state topic lacks, so the smallest of them over all rows,
 * {@link #recoveryOffset}, is where a replay must begin; each row in the state topic says up to which offset it is
 * complete, so a replay never counts twice. Windows that close before their rows grow old are never written at all.
 *
 * <p>To restore: {@link #restoreWatermark}, {@link #restoreEntry} for each entry, {@link #replay} for each record from
 * the recovery offset, {@link #completeRestore}. A window that is open under the stored watermark was open at each
 * earlier moment, so this rebuilds exactly the state that was committed.
 */
public final class WindowEngine {
    /** The watermark before the first record. */
    public static final long NO_WATERMARK = Long.MIN_VALUE;
    /** {@link #recoveryOffset} when nothing needs replay. */
    public static final long NOTHING_DIRTY = RowTable.CLEAN;

    private final Windowing windowing;
    private final long grace;
    private final long maxEntries;
    private final StateEntry view;
    // Package-private for the tests' view of the engine.
    final Aggregates aggregates;
    /** Open slices by start, ascending. */
    final List<Slice> slices = new ArrayList<>();

    private @Nullable Slice recent;
    private long recentEnd;
    private long watermark = NO_WATERMARK;
    private long nextClose = Long.MAX_VALUE;
    private long entries;

    /**
     * @param grace how long a window stays open for records that come late, in milliseconds of event time, at least 0
     * @param maxEntries limit of open entries, at least 1
     */
    public WindowEngine(Windowing windowing, long grace, Aggregates aggregates, long maxEntries) {
        if (grace < 0) {
            throw new IllegalArgumentException("the grace is at least 0 ms, not " + grace + " ms");
        }
        this.windowing = windowing;
        this.grace = grace;
        this.maxEntries = maxEntries;
        this.aggregates = aggregates;
        this.view = new StateEntry(aggregates, new Slice(0, aggregates.newTable()));
    }

    public long watermark() {
        return watermark;
    }

    /** Number of (window, key) entries that are open. */
    public long openEntries() {
        return entries;
    }

    public int openWindows() {
        return slices.size();
    }

    /** Start of the oldest open window; only if {@link #openWindows} is not 0. */
    public long oldestOpenWindow() {
        return slices.get(0).start;
    }

    /** Takes note of an event time and closes the windows whose end the watermark reached. */
    public void advance(long time, WindowOutput output) {
        long candidate = time - grace;
        if (candidate > watermark) {
            watermark = candidate;
            if (candidate >= nextClose) {
                close(output);
            }
        }
    }

    /**
     * Closes all that is open, as if an event time had come that ends it. What belongs to it and comes later is late.
     */
    public void closeAll(WindowOutput output) {
        if (!slices.isEmpty()) {
            Slice last = slices.get(slices.size() - 1);
            watermark = Math.max(watermark, windowing.lastWindowEnd(last.start));
            close(output);
        }
    }

    /** Whether every window that an event of this time belongs to has closed. */
    public boolean isLate(long time) {
        return windowing.lastWindowEnd(windowing.sliceStart(time)) <= watermark;
    }

    /** Start of the (last) window that an event of this time belongs to. */
    public long windowStart(long time) {
        return windowing.sliceStart(time);
    }

    /** Exclusive end of the (last) window that an event of this time belongs to. */
    public long windowEnd(long time) {
        return windowing.lastWindowEnd(windowing.sliceStart(time));
    }

    /**
     * Folds an event unless it is late.
     *
     * @return false if the event is late, and so not folded
     * @throws EntryLimitExceededException if a new entry would exceed the limit; no entry has changed then
     * @throws AggregateFailedException if a function refuses the event; no entry has changed then, and none is new
     */
    public boolean fold(Event event, long offset) {
        Slice slice = recentFor(event.time());
        if (slice == null) {
            if (isLate(event.time())) {
                return false;
            }
            slice = sliceOf(event.time());
        }
        int hash = KeyHash.of(event.keyBuffer(), event.keyStart(), event.keyLength());
        int row = slice.rows.find(hash, event.keyBuffer(), event.keyStart(), event.keyLength());
        prepare(slice, row, event);
        if (row < 0) {
            if (entries >= maxEntries) {
                throw new EntryLimitExceededException(maxEntries, slices.size());
            }
            row = addRow(slice, hash, event, offset);
        } else if (slice.rows.touch(row, offset)) {
            slice.dirtyAgain(row);
        }
        aggregates.add(slice.rows, row, event);
        return true;
    }

    /** The smallest offset that a replay must begin with, {@link #NOTHING_DIRTY} if the state topic has everything. */
    public long recoveryOffset() {
        long oldest = NOTHING_DIRTY;
        for (int i = 0; i < slices.size(); i++) {
            oldest = Math.min(oldest, slices.get(i).oldestDirty());
        }
        return oldest;
    }

    /**
     * Writes the entries whose oldest unwritten update lies before an offset, oldest first.
     *
     * @param dirtyBefore only entries with older updates are written
     * @param appliedUpTo the next offset to be folded: every record before it is in the entries
     * @param limit the most entries to write
     * @return how many were written
     */
    public int checkpoint(long dirtyBefore, long appliedUpTo, int limit, CheckpointOutput output) {
        int written = 0;
        while (written < limit) {
            Slice oldest = null;
            long since = dirtyBefore;
            long runnerUp = dirtyBefore;
            for (Slice slice : slices) {
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

    /** Begins a restore into a fresh engine. */
    public void restoreWatermark(long stored) {
        watermark = stored;
    }

    /** Whether the windows of a slice have all closed under the restored watermark. */
    public boolean isClosed(long sliceStart) {
        return windowing.lastWindowEnd(sliceStart) <= watermark;
    }

    /**
     * Puts one entry back.
     *
     * @param ordinal its place among its slice's rows; the caller bounds it, since memory is taken up to it
     * @param accumulators positioned at the entry's accumulators, which are read to the end
     * @throws IllegalStateException if the entry is damaged, not aligned to this engine's slices, or a second one for
     *     its place or key
     */
    public void restoreEntry(
            long sliceStart,
            int ordinal,
            byte[] key,
            int keyStart,
            int keyLength,
            long appliedUpTo,
            StateInput accumulators) {
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

    /**
     * Folds a record again unless its window has closed or its entry already contains it.
     *
     * @throws AggregateFailedException if a function refuses it, as it did the first time; nothing has changed then
     */
    public void replay(Event event, long offset) {
        if (isLate(event.time())) {
            return;
        }
        Slice slice = sliceOf(event.time());
        int hash = KeyHash.of(event.keyBuffer(), event.keyStart(), event.keyLength());
        int row = slice.rows.find(hash, event.keyBuffer(), event.keyStart(), event.keyLength());
        if (row >= 0 && offset < slice.rows.appliedUpTo(row)) {
            return;
        }
        prepare(slice, row, event);
        if (row < 0) {
            row = addRow(slice, hash, event, offset);
        } else if (slice.rows.touch(row, offset)) {
            slice.dirtyAgain(row);
        }
        aggregates.add(slice.rows, row, event);
    }

    /**
     * Ends a restore.
     *
     * @throws IllegalStateException if entries are missing: a window's rows are not numbered without a gap
     */
    public void completeRestore() {
        for (Slice slice : slices) {
            if (!slice.rows.isDense()) {
                throw new IllegalStateException("the window that starts at " + slice.start + " ms has "
                        + slice.rows.size() + " entries, but their numbering has gaps");
            }
        }
    }

    private void prepare(Slice slice, int row, Event event) {
        try {
            aggregates.prepare(slice.rows, row, event);
        } catch (AggregateFailedException e) {
            if (slice.rows.size() == 0) {
                // Made for this event alone; a restore would not know it.
                slices.remove(slice);
                recent = null;
                nextClose = slices.isEmpty() ? Long.MAX_VALUE : windowing.lastWindowEnd(slices.get(0).start);
            }
            throw e;
        }
    }

    private int addRow(Slice slice, int hash, Event event, long offset) {
        entries++;
        return slice.rows.add(hash, event.keyBuffer(), event.keyStart(), event.keyLength(), offset);
    }

    private void close(WindowOutput output) {
        int closed = 0;
        while (closed < slices.size() && windowing.lastWindowEnd(slices.get(closed).start) <= watermark) {
            emit(slices.get(closed), output);
            closed++;
        }
        slices.subList(0, closed).clear();
        recent = null;
        nextClose = slices.isEmpty() ? Long.MAX_VALUE : windowing.lastWindowEnd(slices.get(0).start);
    }

    private void emit(Slice slice, WindowOutput output) {
        RowTable rows = slice.rows;
        long end = windowing.lastWindowEnd(slice.start);
        for (int row = 0; row < rows.size(); row++) {
            byte[] key = new byte[rows.keyLength(row)];
            System.arraycopy(rows.keyBuffer(row), rows.keyStart(row), key, 0, key.length);
            output.result(new WindowResult(slice.start, end, key, aggregates.results(rows, row)));
            if (rows.appliedUpTo(row) != RowTable.NEVER) {
                view.at(slice, row);
                output.forget(view);
            }
        }
        entries -= rows.size();
    }

    /** The slice used last if the time belongs to it, as nearly always; it is open, since closing forgets it. */
    private @Nullable Slice recentFor(long time) {
        Slice last = recent;
        return last != null && time >= last.start && time < recentEnd ? last : null;
    }

    /** The open slice that a time belongs to, new if need be. */
    private Slice sliceOf(long time) {
        long start = windowing.sliceStart(time);
        int low = 0;
        int high = slices.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (slices.get(middle).start < start) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        if (low == slices.size() || slices.get(low).start != start) {
            slices.add(low, new Slice(start, aggregates.newTable()));
            nextClose = Math.min(nextClose, windowing.lastWindowEnd(start));
        }
        Slice found = slices.get(low);
        recent = found;
        recentEnd = windowing.lastWindowEnd(start);
        return found;
    }
}
