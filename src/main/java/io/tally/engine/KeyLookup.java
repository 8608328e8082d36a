package io.tally.engine;

import io.tally.engine.row.Aggregates;
import io.tally.engine.row.KeyHash;
import io.tally.engine.row.RowTable;
import io.tally.engine.slice.RevisionColumns;
import io.tally.engine.slice.Slice;
import io.tally.window.Windowing;
import java.util.ArrayList;
import java.util.List;

/**
 * What an engine holds of one key: the row of each of its windows as it would leave now. Changes nothing. The oldest
 * windows come first.
 */
public final class KeyLookup {
    /** The most rows of slices that are looked at to put together overlapping windows. */
    private static final int MOST_PARTS = 100_000;

    private final WindowEngine engine;
    private final Aggregates scratch;
    private final byte[] key;
    private final int hash;
    private final int limit;
    private final List<WindowResult> found = new ArrayList<>();
    private int parts;
    private boolean hasMore;

    /**
     * Looks a key up.
     *
     * @param scratch the engine's functions once more, so that those of the engine are left alone
     * @param limit the most rows, at least 1
     */
    public KeyLookup(WindowEngine engine, Aggregates scratch, byte[] key, int limit) {
        this.engine = engine;
        this.scratch = scratch;
        this.key = key;
        this.limit = limit;
        hash = KeyHash.of(key, 0, key.length);
        if (engine instanceof RevisionEngine windows) {
            windows(windows);
        } else if (engine instanceof SliceEngine slices) {
            slices(slices);
        } else if (engine instanceof SessionEngine sessions) {
            sessions(sessions);
        }
    }

    /**
     * The rows, at most as many as the limit. Each is as it would leave now, except for its revision: that is the
     * number of rows of this window and key that have left, or 0 if they are not counted. With a revision, final means
     * that the window has closed and is kept for corrections.
     */
    public List<WindowResult> rows() {
        return found;
    }

    /** Whether there are more. */
    public boolean hasMore() {
        return hasMore;
    }

    private boolean isFull() {
        if (found.size() == limit) {
            hasMore = true;
        }
        return hasMore;
    }

    private void windows(RevisionEngine windows) {
        for (Slice window : windows.open.slices) {
            int row = find(window.rows);
            if (row < 0) {
                continue;
            }
            if (isFull()) {
                return;
            }
            found.add(new WindowResult(
                    windows.rows.start(window),
                    window.end,
                    key,
                    scratch.results(window.rows, row),
                    window.rows.column(row, RevisionColumns.REVISION),
                    window.end <= engine.watermark()));
        }
    }

    private void slices(SliceEngine slices) {
        long before = engine.watermark();
        for (Slice slice : slices.open.slices) {
            if (find(slice.rows) < 0) {
                continue;
            }
            // The windows of this slice that those of the slices before it have not shown.
            long last = slices.windowing.lastWindowEnd(slice.start);
            for (long end = next(slices.windowing, before, slice);
                    end <= last;
                    end = slices.windowing.nextWindowEnd(end)) {
                if (isFull()) {
                    return;
                }
                window(slices, end);
                before = end;
                if (end == last) {
                    break;
                }
            }
        }
    }

    private static long next(Windowing windowing, long before, Slice slice) {
        return windowing.nextWindowEnd(Math.max(before, slice.start));
    }

    private void window(SliceEngine slices, long end) {
        long start = slices.windowing.windowStart(end);
        RowTable merged = scratch.newTable(0);
        int into = -1;
        for (Slice slice : slices.open.slices) {
            int row = slice.start >= start && slice.end <= end ? find(slice.rows) : -1;
            if (row >= 0) {
                into = into < 0 ? merged.add(hash, key, 0, key.length, 0) : into;
                scratch.merge(merged, into, slice.rows, row);
            }
        }
        parts += slices.open.slices.size();
        hasMore |= parts > MOST_PARTS;
        if (into >= 0) {
            found.add(new WindowResult(start, end, key, scratch.results(merged, into)));
        }
    }

    private void sessions(SessionEngine sessions) {
        sessions.table.forEachOf(hash, key, session -> {
            // From new to old.
            found.add(
                    0,
                    new WindowResult(
                            sessions.rule.start(session),
                            sessions.rule.end(session),
                            key,
                            scratch.results(session.accumulators),
                            session.revision,
                            session.closed));
        });
        if (found.size() > limit) {
            hasMore = true;
            found.subList(limit, found.size()).clear();
        }
    }

    private int find(RowTable rows) {
        return rows.find(hash, key, 0, key.length);
    }
}
