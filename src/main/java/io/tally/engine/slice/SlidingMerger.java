package io.tally.engine.slice;

import io.tally.engine.row.Aggregates;
import io.tally.window.Hopping;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * For hopping windows. Each is merged from at most two nodes of each level of a binary {@link SliceTree}, so the cost
 * of a row grows with the logarithm of size divided by advance.
 */
final class SlidingMerger implements WindowMerger {
    private final Hopping windows;
    private final Aggregates aggregates;
    private final SliceTree tree;
    /** The rows of the last window, unless they belong to a node. */
    private @Nullable MergedRows merged;

    SlidingMerger(Hopping windows, Aggregates aggregates) {
        this.windows = windows;
        this.aggregates = aggregates;
        this.tree = new SliceTree(windows.slice(), windows.size() / windows.slice(), 1, aggregates);
    }

    @Override
    public MergedRows merge(OpenSlices open, long end) {
        List<MergedRows> parts = tree.parts(open, windows.windowStart(end), end);
        if (parts.size() == 1) {
            return parts.get(0);
        }
        MergedRows all = MergedRows.none(aggregates);
        merged = all;
        parts.forEach(all::add);
        return all;
    }

    /** Later windows need no node that begins before the next window. */
    @Override
    public void release(long end) {
        if (merged != null) {
            merged.release();
            merged = null;
        }
        tree.forgetBefore(windows.windowStart(windows.nextWindowEnd(end)));
    }

    @Override
    public void changed(OpenSlices open, Slice slice, int row) {
        tree.changed(open, slice, row);
    }
}
