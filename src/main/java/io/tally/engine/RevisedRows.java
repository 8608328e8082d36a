package io.tally.engine;

import io.tally.aggregate.StateInput;
import io.tally.engine.row.Aggregates;
import io.tally.engine.slice.RevisionColumns;
import io.tally.engine.slice.Slice;
import io.tally.engine.slice.SliceEntry;
import io.tally.window.Windowing;

/** How the rows of windows leave and are written where they have revisions. */
final class RevisedRows {
    private final Windowing windowing;
    /** Whether a window begins before its last slice; the start of that needs no calendar. */
    private final boolean overlaps;

    private final Aggregates aggregates;
    private final SliceEntry view;

    RevisedRows(Windowing windowing, Aggregates aggregates, SliceEntry view) {
        this.windowing = windowing;
        this.overlaps = windowing.overlaps();
        this.aggregates = aggregates;
        this.view = view;
    }

    /** Sends a row in its next revision. */
    void send(Slice window, int row, boolean isFinal, WindowOutput output) {
        count(window, row);
        output.result(new WindowResult(
                start(window),
                window.end,
                window.rows.key(row),
                aggregates.results(window.rows, row),
                window.rows.column(row, RevisionColumns.REVISION),
                isFinal));
    }

    /** When a window begins. */
    long start(Slice window) {
        return overlaps ? windowing.windowStart(window.end) : window.start;
    }

    /** Counts a row that leaves, or has left long ago. */
    void count(Slice window, int row) {
        window.rows.column(row, RevisionColumns.REVISION, window.rows.column(row, RevisionColumns.REVISION) + 1);
        window.rows.column(row, RevisionColumns.UNSENT, 0);
    }

    void write(Slice window, int row, long appliedUpTo, CheckpointOutput entries) {
        entries.write(view.at(window, row), appliedUpTo);
        window.rows.written(row, appliedUpTo);
        window.rows.column(row, RevisionColumns.STORED, view.revision());
    }

    /** Reads what {@link #write} wrote; gives the revision. */
    long read(Slice window, int row, StateInput in) {
        view.at(window, row).readAccumulators(in);
        return view.revision();
    }
}
