package io.tally.window;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The windows that have closed and are kept for corrections, as far as the state topic does not have them as they left.
 * They cannot wait: a replay could not tell which records came before the end of a window and which were corrections.
 */
final class KeptWindows {
    private final RevisedRows rows;
    private final List<Slice> unwritten = new ArrayList<>();

    KeptWindows(RevisedRows rows) {
        this.rows = rows;
    }

    /** A window has closed and its rows have left: all of them must be written, with their revisions. */
    void closed(Slice window) {
        window.cleanAll();
        window.closing = true;
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
        int written = 0;
        while (window.oldestDirty() != RowTable.CLEAN) {
            int row = window.takeOldestDirty();
            if (!window.closing) {
                rows.write(window, row, appliedUpTo, entries);
                written++;
            }
        }
        if (window.closing) {
            for (int row = 0; row < window.rows.size(); row++) {
                rows.write(window, row, appliedUpTo, entries);
            }
            written = window.rows.size();
        }
        window.closing = false;
        window.queued = false;
        return written;
    }
}
