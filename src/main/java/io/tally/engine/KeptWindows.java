package io.tally.engine;

import io.tally.engine.row.RowTable;
import io.tally.engine.slice.Slice;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Windows with rows that left and are not yet in the state topic as they left: closed windows that are kept for
 * corrections, and windows of which only some rows have left. Writing them cannot wait. A replay could not tell which
 * records came before the end of a window and which were corrections, nor which rows have left.
 */
final class KeptWindows {
    private final RevisedRows rows;
    private final List<Slice> unwritten = new ArrayList<>();

    KeptWindows(RevisedRows rows) {
        this.rows = rows;
    }

    /** Rows [from, to) of a closing window have left, and must be written with their revisions. */
    void left(Slice window, int from, int to) {
        window.clean(from, to);
        if (window.leftFrom == window.leftTo) {
            window.leftFrom = from;
        }
        window.leftTo = to;
        window.leavesRest = to < window.rows.size();
        add(window);
    }

    /** A row of a closed window has changed and left again. */
    void corrected(Slice window) {
        add(window);
    }

    private void add(Slice window) {
        if (!window.queued) {
            window.queued = true;
            unwritten.add(window);
        }
    }

    /** Windows up to this end have expired, so they need not be written any more. */
    void expired(long end) {
        unwritten.removeIf(window -> window.end <= end);
    }

    /** Writes all that must be written, in the order of the windows' ends; returns the number of entries. */
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
