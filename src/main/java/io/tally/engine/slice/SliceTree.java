package io.tally.engine.slice;

import io.tally.engine.row.Aggregates;
import io.tally.engine.row.RowTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A tree over the slices, whose nodes are merged when they are first needed. Any run of slices is merged from few nodes
 * of each level, so its cost grows with the logarithm of their number, and so does the memory (FlatFAT: Tangwongsan et
 * al., General Incremental Sliding-Window Aggregation, VLDB 2015). When a row changes, that one row changes in each
 * node above its slice.
 *
 * <p>Nodes with many children take less memory; with nodes of few children, runs have fewer parts.
 */
final class SliceTree {
    private final long slice;
    private final int bits;
    private final Aggregates aggregates;
    /** By level from 1 on, and by number. A node covers 2^(bits * level) slices and begins at a multiple of that. */
    private final List<TreeMap<Long, MergedRows>> levels = new ArrayList<>();

    /**
     * Begins without nodes.
     *
     * @param slice length of a slice in milliseconds
     * @param slices how many slices the longest run has
     * @param bits binary logarithm of the number of children of a node, at least 1
     */
    SliceTree(long slice, long slices, int bits, Aggregates aggregates) {
        this.slice = slice;
        this.bits = bits;
        this.aggregates = aggregates;
        for (long covered = slices >> bits; covered > 0; covered >>= bits) {
            levels.add(new TreeMap<>());
        }
    }

    /**
     * The largest nodes that together cover exactly the slices that start within a time, in the order of time.
     *
     * @param start where a slice starts
     * @param end where one ends
     */
    List<MergedRows> parts(OpenSlices open, long start, long end) {
        List<MergedRows> parts = new ArrayList<>();
        long from = number(start);
        long to = number(end);
        while (from < to) {
            int level = 0;
            while (level < levels.size() && isWhole(from, level + 1) && from + covered(level + 1) <= to) {
                level++;
            }
            MergedRows rows = node(open, level, from >> (bits * level));
            if (rows != null) {
                parts.add(rows);
            }
            from += covered(level);
        }
        return parts;
    }

    /** The rows of a node; null if it has none. */
    private @Nullable MergedRows node(OpenSlices open, int level, long number) {
        long first = number * covered(level);
        int index = open.indexOf(first * slice);
        if (index == open.slices.size() || open.slices.get(index).start >= (first + covered(level)) * slice) {
            return null;
        }
        if (level == 0) {
            return MergedRows.of(open.slices.get(index), aggregates);
        }
        TreeMap<Long, MergedRows> nodes = levels.get(level - 1);
        MergedRows known = nodes.get(number);
        if (known != null) {
            return known;
        }
        List<MergedRows> children = children(open, level, number);
        if (children.size() == 1) {
            return children.get(0);
        }
        MergedRows merged = MergedRows.none(aggregates);
        children.forEach(merged::add);
        nodes.put(number, merged);
        return merged;
    }

    /** The children of a node that have rows. */
    private List<MergedRows> children(OpenSlices open, int level, long number) {
        List<MergedRows> children = new ArrayList<>(1 << bits);
        for (long child = number << bits; child < (number + 1) << bits; child++) {
            MergedRows rows = node(open, level - 1, child);
            if (rows != null) {
                children.add(rows);
            }
        }
        return children;
    }

    /** Notes that a row of a slice has changed, or is new. All nodes above it change with it. */
    void changed(OpenSlices open, Slice slice, int row) {
        long number = number(slice.start);
        for (int level = 1; level <= levels.size(); level++) {
            number >>= bits;
            MergedRows node = levels.get(level - 1).get(number);
            if (node != null) {
                RowTable rows = slice.rows;
                node.renew(rows.keyBuffer(row), rows.keyStart(row), rows.keyLength(row), children(open, level, number));
            }
        }
    }

    /** Drops the nodes that contain a slice before this start. */
    void forgetBefore(long start) {
        long first = number(start);
        for (int level = 1; level <= levels.size(); level++) {
            // Rounded up, since a node that begins before is dropped, too.
            release(levels.get(level - 1).headMap(-(-first >> (bits * level))));
        }
    }

    /** Drops all nodes. */
    void release() {
        levels.forEach(SliceTree::release);
    }

    private static void release(Map<Long, MergedRows> nodes) {
        nodes.values().forEach(MergedRows::release);
        nodes.clear();
    }

    private boolean isWhole(long number, int level) {
        return (number & covered(level) - 1) == 0;
    }

    private long covered(int level) {
        return 1L << (bits * level);
    }

    private long number(long sliceStart) {
        return Math.floorDiv(sliceStart, slice);
    }
}
