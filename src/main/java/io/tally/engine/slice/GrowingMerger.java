package io.tally.engine.slice;

import io.tally.engine.row.Aggregates;
import io.tally.engine.row.RowTable;
import io.tally.window.Cumulative;

/**
 * For windows that share their start, as cumulative ones do. It keeps the rows of the last window, so each slice is
 * merged once. It needs the {@link SliceTree} only when a row changes in a slice that was already merged, and makes it
 * then.
 */
final class GrowingMerger implements WindowMerger {
    /**
     * A node has eight slices. So if all slices have the same keys, the tree has at most a seventh of the slices' rows.
     */
    private static final int BITS = 3;

    private final Cumulative windows;
    private final Aggregates aggregates;
    private SliceTree tree;
    private MergedRows rows;
    private long start;
    /** The slices before this are merged. */
    private long mergedUpTo;

    GrowingMerger(Cumulative windows, Aggregates aggregates) {
        this.windows = windows;
        this.aggregates = aggregates;
        this.rows = MergedRows.none(aggregates);
        this.tree = newTree();
    }

    @Override
    public MergedRows merge(OpenSlices open, long end) {
        long windowStart = windows.windowStart(end);
        if (windowStart != start) {
            start = windowStart;
            clear();
        }
        for (int i = open.indexOf(mergedUpTo); i < open.slices.size(); i++) {
            Slice slice = open.slices.get(i);
            if (slice.start >= end) {
                break;
            }
            rows.add(MergedRows.of(slice, aggregates));
        }
        mergedUpTo = end;
        return rows;
    }

    @Override
    public void release(long end) {
        if (windows.windowStart(windows.nextWindowEnd(end)) != start) {
            clear();
        }
    }

    @Override
    public void changed(OpenSlices open, Slice slice, int row) {
        if (slice.start >= start && slice.start < mergedUpTo) {
            tree.changed(open, slice, row);
            RowTable table = slice.rows;
            rows.renew(
                    table.keyBuffer(row),
                    table.keyStart(row),
                    table.keyLength(row),
                    tree.parts(open, start, mergedUpTo));
        }
    }

    private void clear() {
        rows.release();
        tree.release();
        rows = MergedRows.none(aggregates);
        tree = newTree();
        mergedUpTo = start;
    }

    private SliceTree newTree() {
        return new SliceTree(windows.step(), windows.size() / windows.step(), BITS, aggregates);
    }
}
