package io.tally.engine;

import io.tally.engine.row.RowTable;
import io.tally.engine.slice.Slice;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The windows that have closed and are kept for corrections, or of which only some rows have left, as far as the state
 * topic does not have them as they left. They cannot wait: a replay could not tell which records came before the end of
 * a window and which were corrections, nor which rows have left.
 */
final class KeptWindows {
    private final RevisedRows rows;
    private final List<Slice> unwritten = new ArrayList<>();

    KeptWindows(RevisedRows rows) {
        this.rows = rows;
    }

    /** Rows of a closing window have left, [from, to): they must be written, with their revisions. */
    void left(Slice window, int from, int to) {
        window.clean(from, to);
        if (window.leftFrom == window.leftTo) {
            window.leftFrom = from;
        }
        window.leftTo = to;
        window.leavesRest = to < window.rows.size();
        add(window);
    }

    /** A row of the window has changed since, and has left again. */
    void corrected(Slice window) {
        add(window);
    }

    private void add(Slice window) {
        if (!window.queued) {
            window.queued = true;
            unwritten.add(window);
        }
    }

    /** Nothing is to be written of windows up to this end. */
    void expired(long end) {
        unwritten.removeIf(window -> window.end <= end);
    }

    /** Writes all that must be written, by the ends of the windows; gives the number of entries. */
    int checkpoint(long appliedUpTo, CheckpointOutput entries) {
        int written = 0;
        unwritten.sort(Comparator.comparingLong(window -> window.end));
        for (Slice window : unwritten) {
            written += write(window, appliedUpTo, entries);
        }
        unwritten.clear();
        return written;
    }

    private int write(Slice window, long appliedUpTo, CheckpointOutput entries) {
        List<Integer> corrected = new ArrayList<>();
        while (!window.leavesRest && window.oldestDirty() != RowTable.CLEAN) {
            int row = window.takeOldestDirty();
            if (row < window.leftFrom || row >= window.leftTo) {
                corrected.add(row);
            }
        }
        int written = window.leftTo - window.leftFrom + corrected.size();
        for (int row = window.leftFrom; row < window.leftTo; row++) {
            rows.write(window, row, appliedUpTo, entries);
        }
        corrected.forEach(row -> rows.write(window, row, appliedUpTo, entries));
        window.leftFrom = 0;
        window.leftTo = 0;
        window.queued = false;
        return written;
    }
}
