package io.tally.engine.slice;

import io.tally.engine.row.Aggregates;
import io.tally.engine.row.KeyHash;
import io.tally.engine.row.RowTable;
import io.tally.heap.EntryLimitExceededException;
import io.tally.window.Windowing;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** The open slices of a partition in the order of time, and their rows. */
public final class OpenSlices {
    /** Rows whose newest form is not in the state topic. */
    public static final Queue DIRTY = new Queue(Slice::oldestDirty, Slice::takeOldestDirty);
    /** Rows that changed since they last left. */
    public static final Queue UNSENT = new Queue(Slice::oldestUnsent, Slice::takeOldestUnsent);

    private static final int NONE = -1;

    /** The open slices by their start, ascending. */
    public final List<Slice> slices = new ArrayList<>();

    private final Windowing windowing;
    private final Aggregates aggregates;
    private final int columns;
    private final long maxEntries;
    /**
     * Index of the slice used last. An index and not a reference, since with records out of order it changes again and
     * again.
     */
    private int recent = NONE;

    private long entries;

    /** Takes a row out of a queue. */
    public interface RowOutput {
        void row(Slice slice, int row);
    }

    /** A queue of rows in each slice, in the order of their oldest change. */
    static final class Queue {
        private final ToLongFunction<Slice> oldest;
        private final ToIntFunction<Slice> take;
        /** Among rows that the same record changed, those of earlier slices come first. */
        private final Comparator<Slice> byAge;

        private Queue(ToLongFunction<Slice> oldest, ToIntFunction<Slice> take) {
            this.oldest = oldest;
            this.take = take;
            byAge = Comparator.comparingLong(oldest).thenComparingLong(slice -> slice.start);
        }
    }

    /**
     * Begins without slices.
     *
     * @param columns numbers that the engine keeps with each row
     * @param maxEntries limit of rows
     */
    public OpenSlices(Windowing windowing, Aggregates aggregates, int columns, long maxEntries) {
        this.windowing = windowing;
        this.aggregates = aggregates;
        this.columns = columns;
        this.maxEntries = maxEntries;
    }

    /** Number of rows. */
    public long entries() {
        return entries;
    }

    /**
     * The slice that a time belongs to, if there is one. It is open, since closed slices are dropped. Nearly always it
     * is the one used last or, for records somewhat out of order, one beside it. Slices know their borders, so a
     * calendar is never asked, which would take longer than everything else here.
     */
    @Nullable
    public Slice find(long time) {
        if (recent == NONE) {
            return search(time);
        }
        Slice last = slices.get(recent);
        if (last.contains(time)) {
            return last;
        }
        int beside = time < last.start ? recent - 1 : recent + 1;
        if (beside < 0 || beside == slices.size()) {
            return null;
        }
        if (slices.get(beside).contains(time)) {
            recent = beside;
            return slices.get(beside);
        }
        return search(time);
    }

    private @Nullable Slice search(long time) {
        int index = firstEndingAfter(time);
        if (index == slices.size() || !slices.get(index).contains(time)) {
            return null;
        }
        recent = index;
        return slices.get(index);
    }

    /** The open slice that a time belongs to; made if it does not exist. */
    public Slice of(long time) {
        long start = windowing.sliceStart(time);
        int index = indexOf(start);
        if (index == slices.size() || slices.get(index).start != start) {
            slices.add(index, new Slice(start, windowing.sliceEnd(start), aggregates.newTable(columns)));
        }
        recent = index;
        return slices.get(index);
    }

    /** Index of the first slice that does not start before a time. */
    int indexOf(long start) {
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
        return low;
    }

    /** Index of the first slice that ends after a time. */
    public int firstEndingAfter(long time) {
        int low = 0;
        int high = slices.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (slices.get(middle).end <= time) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Drops the oldest slices, of which nothing is in the state topic. */
    public void dropFirst(int count) {
        removeFirst(count, slice -> slice.rows.release());
    }

    /**
     * Takes the oldest slices out, oldest first.
     *
     * @param taker owns each from then on
     */
    public void removeFirst(int count, Consumer<Slice> taker) {
        List<Slice> removed = slices.subList(0, count);
        for (Slice slice : removed) {
            entries -= slice.rows.size();
            taker.accept(slice);
        }
        removed.clear();
        recent = NONE;
    }

    public void dropIfEmpty(Slice slice) {
        if (slice.rows.size() == 0) {
            slices.remove(slice);
            slice.rows.release();
            recent = NONE;
        }
    }

    /**
     * The row of a key that is about to change; made if it does not exist.
     *
     * @throws EntryLimitExceededException if there is no room for a new one
     */
    public int row(Slice slice, byte[] key, int start, int length, long offset) {
        int hash = KeyHash.of(key, start, length);
        int row = slice.rows.find(hash, key, start, length);
        if (row < 0) {
            if (entries >= maxEntries) {
                throw full();
            }
            entries++;
            return slice.rows.add(hash, key, start, length, offset);
        }
        if (slice.rows.touch(row, offset)) {
            slice.dirtyAgain(row);
        }
        return row;
    }

    /** Whether the row of a key has the record at {@code offset} already. */
    public boolean has(Slice slice, byte[] key, int start, int length, long offset) {
        int row = slice.rows.find(key, start, length);
        return row >= 0 && offset < slice.rows.appliedUpTo(row);
    }

    /** The row of a key, made if it does not exist; -1 if it already has the record at {@code offset}. */
    public int replayRow(Slice slice, byte[] key, int start, int length, long offset) {
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

    /** Whether there is room for so many more rows. */
    public boolean hasRoom(long more) {
        return more <= maxEntries - entries;
    }

    public EntryLimitExceededException full() {
        return new EntryLimitExceededException(maxEntries, slices.size());
    }

    /** Puts a row back at its ordinal, clean, without accumulators. */
    public void restoreRow(Slice slice, int ordinal, byte[] key, int start, int length, long appliedUpTo) {
        if (slice.rows.find(key, start, length) >= 0) {
            throw new IllegalStateException("two entries for the same key in the window that starts at " + slice.start);
        }
        slice.rows.restore(ordinal, key, start, length, appliedUpTo);
        entries++;
    }

    /** The offset of the oldest change in a queue; {@link RowTable#CLEAN} if there is none. */
    public long oldest(Queue queue) {
        long oldest = RowTable.CLEAN;
        for (int i = 0; i < slices.size(); i++) {
            oldest = Math.min(oldest, queue.oldest.applyAsLong(slices.get(i)));
        }
        return oldest;
    }

    /**
     * Takes the rows out of a queue whose oldest change lies before an offset, oldest first. The caller marks them as
     * written, or as sent.
     *
     * @return how many rows were taken
     */
    public int take(Queue queue, long before, int limit, RowOutput output) {
        PriorityQueue<Slice> due = new PriorityQueue<>(queue.byAge);
        for (Slice slice : slices) {
            if (queue.oldest.applyAsLong(slice) < before) {
                due.add(slice);
            }
        }
        int taken = 0;
        while (taken < limit && !due.isEmpty()) {
            Slice oldest = due.remove();
            Slice next = due.peek();
            // Stays with this slice while it has the oldest change, instead of asking the queue for each row.
            do {
                output.row(oldest, queue.take.applyAsInt(oldest));
                taken++;
            } while (taken < limit
                    && queue.oldest.applyAsLong(oldest) < before
                    && (next == null || queue.byAge.compare(oldest, next) < 0));
            if (queue.oldest.applyAsLong(oldest) < before) {
                due.add(oldest);
            }
        }
        return taken;
    }

    /**
     * Checks the rows that were restored.
     *
     * @throws IllegalStateException if a slice's rows are not numbered without a gap
     */
    public void requireDense() {
        for (Slice slice : slices) {
            if (!slice.rows.isDense()) {
                throw new IllegalStateException("the window that starts at " + slice.start + " ms has "
                        + slice.rows.size() + " entries, but their numbering has gaps");
            }
        }
    }
}
