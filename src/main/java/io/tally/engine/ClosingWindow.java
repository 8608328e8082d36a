package io.tally.engine;

import io.tally.engine.row.RowTable;
import org.jspecify.annotations.Nullable;

/**
 * How many rows have left of the window that closes next, since a transaction may have no room for all of them. The
 * rows do not change in between, so they are put together once.
 */
final class ClosingWindow {
    private @Nullable RowTable rows;
    /** The rows in the order in which they leave; null if they are stored in that order. */
    private Integer @Nullable [] order;

    private int rowsLeft;

    /** Whether a window is closing. */
    boolean isBegun() {
        return rows != null;
    }

    /**
     * Begins with a window.
     *
     * @param left how many of its rows have left before
     * @throws IllegalStateException if it has no more than those, but some have left
     */
    void begin(RowTable window, Integer @Nullable [] windowOrder, int left) {
        if (left > 0 && left >= window.size()) {
            throw tooFew(left, window.size());
        }
        rows = window;
        order = windowOrder;
        rowsLeft = left;
    }

    /** The rows of the window that is closing. */
    RowTable rows() {
        if (rows == null) {
            throw new IllegalStateException("no window is closing");
        }
        return rows;
    }

    /** How many rows of the closing window have left, 0 if none is closing. */
    int rowsLeft() {
        return rowsLeft;
    }

    /** Takes the row that leaves next; from then on it has left. */
    int next() {
        int row = rowsLeft++;
        return order == null ? row : order[row];
    }

    /** All have left. */
    void end() {
        rows = null;
        order = null;
        rowsLeft = 0;
    }

    static IllegalStateException tooFew(int left, int rows) {
        return new IllegalStateException(
                left + " rows of the window that closes next have left, but it has only " + rows);
    }
}
