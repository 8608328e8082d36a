package io.tally.window;

/**
 * Puts the rows of an overlapping window together from those of its slices: in the order of the first slice that a key
 * appears in, and of its appearance there, so that it depends on the slices alone and not on what was merged before.
 *
 * <p>Keeps the rows as long as the next window to close has the same start, so that cumulative windows merge each slice
 * once. What it keeps is derived: it may be given up at any time, and is when a slice changes that is in it.
 */
final class WindowMerger {
    private final Windowing windowing;
    private final Aggregates aggregates;
    private RowTable rows;
    private long start;
    /** The slices before this are merged. */
    private long mergedUpTo;

    WindowMerger(Windowing windowing, Aggregates aggregates) {
        this.windowing = windowing;
        this.aggregates = aggregates;
        this.rows = aggregates.newTable(0);
    }

    /** The rows of the window that ends there; the slices are in the order of time, and those before it may be gone. */
    RowTable merge(OpenSlices open, long end) {
        long windowStart = windowing.windowStart(end);
        if (windowStart != start) {
            start = windowStart;
            clear();
        }
        for (int i = open.indexOf(mergedUpTo); i < open.slices.size(); i++) {
            Slice slice = open.slices.get(i);
            if (slice.start >= end) {
                break;
            }
            merge(slice.rows);
        }
        mergedUpTo = end;
        return rows;
    }

    /** Takes note that a window has left: if the next one begins elsewhere, its rows are of no more use. */
    void release(long end) {
        if (windowing.windowStart(windowing.nextWindowEnd(end)) != start) {
            clear();
        }
    }

    /** Takes note that a slice is about to change. */
    void changes(Slice slice) {
        if (slice.start >= start && slice.start < mergedUpTo) {
            clear();
        }
    }

    private void clear() {
        rows = aggregates.newTable(0);
        mergedUpTo = start;
    }

    private void merge(RowTable from) {
        for (int row = 0; row < from.size(); row++) {
            byte[] key = from.keyBuffer(row);
            int keyStart = from.keyStart(row);
            int keyLength = from.keyLength(row);
            int hash = KeyHash.of(key, keyStart, keyLength);
            int into = rows.find(hash, key, keyStart, keyLength);
            if (into < 0) {
                into = rows.add(hash, key, keyStart, keyLength, 0);
            }
            aggregates.merge(rows, into, from, row);
        }
    }
}
