package io.tally.window;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * For windows that move on: a binary tree over the slices, whose nodes are merged when they are first needed. A window
 * is put together from at most two nodes of each level, so what a row costs grows with the logarithm of size by
 * advance, as does what is kept; a slice that changes costs the nodes above it (FlatFAT: Tangwongsan et al., General
 * Incremental Sliding-Window Aggregation, VLDB 2015).
 */
final class SlidingMerger implements WindowMerger {
    private final Hopping windows;
    private final Aggregates aggregates;
    /** By level from 1 on, and by number: a node covers 2^level slices, the first of which is number * 2^level. */
    private final List<TreeMap<Long, RowTable>> levels = new ArrayList<>();

    SlidingMerger(Hopping windows, Aggregates aggregates) {
        this.windows = windows;
        this.aggregates = aggregates;
        for (long covered = 1; covered <= windows.size() / windows.slice(); covered *= 2) {
            levels.add(new TreeMap<>());
        }
    }

    @Override
    public RowTable merge(OpenSlices open, long end) {
        List<RowTable> parts = new ArrayList<>();
        long from = number(windows.windowStart(end));
        long to = number(end);
        // The largest nodes that lie within the window, from its start on.
        while (from < to) {
            int level = 0;
            while (level < levels.size() && (from & (2L << level) - 1) == 0 && from + (2L << level) <= to) {
                level++;
            }
            RowTable rows = node(open, level, from >> level);
            if (rows != null) {
                parts.add(rows);
            }
            from += 1L << level;
        }
        if (parts.size() == 1) {
            return parts.get(0);
        }
        RowTable merged = aggregates.newTable(0);
        parts.forEach(part -> merged.merge(part, aggregates));
        return merged;
    }

    /** The rows of a node, null if it has none. */
    private @Nullable RowTable node(OpenSlices open, int level, long number) {
        long first = number << level;
        int index = open.indexOf(first * windows.slice());
        if (index == open.slices.size() || open.slices.get(index).start >= (first + (1L << level)) * windows.slice()) {
            return null;
        }
        if (level == 0) {
            return open.slices.get(index).rows;
        }
        TreeMap<Long, RowTable> nodes = levels.get(level - 1);
        RowTable known = nodes.get(number);
        if (known != null) {
            return known;
        }
        RowTable left = node(open, level - 1, 2 * number);
        RowTable right = node(open, level - 1, 2 * number + 1);
        if (left == null || right == null) {
            return left == null ? right : left;
        }
        RowTable merged = aggregates.newTable(0);
        merged.merge(left, aggregates);
        merged.merge(right, aggregates);
        nodes.put(number, merged);
        return merged;
    }

    /** Later windows need no node that begins before the next one. */
    @Override
    public void release(long end) {
        long next = number(windows.windowStart(windows.nextWindowEnd(end)));
        for (int level = 1; level <= levels.size(); level++) {
            // Rounded up: a node that begins before is not within.
            levels.get(level - 1).headMap(-(-next >> level)).clear();
        }
    }

    @Override
    public void changes(Slice slice) {
        long number = number(slice.start);
        for (int level = 1; level <= levels.size(); level++) {
            levels.get(level - 1).remove(number >> level);
        }
    }

    private long number(long sliceStart) {
        return Math.floorDiv(sliceStart, windows.slice());
    }
}
