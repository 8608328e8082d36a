package io.tally.engine.slice;

import io.tally.engine.row.RowTable;
import io.tally.heap.HeapSizes;
import org.jspecify.annotations.Nullable;

/**
 * One open slice: its rows, and which of them the state topic does not know in their newest form, in the order in which
 * they became dirty.
 *
 * <p>That order needs (almost) no memory. A row that was never written became dirty when it was created, so the rows in
 * ordinal order from a cursor on already are a queue. Only rows that were written and touched again queue explicitly.
 */
public final class Slice {
    private static final int[] NONE = new int[0];

    public final long start;
    public final long end;
    public final RowTable rows;
    /** Where it stands for a window: the rows that left for good since the last checkpoint, [from, to). */
    public int leftFrom;

    public int leftTo;
    /** Whether other rows of it have yet to leave. */
    public boolean leavesRest;
    /** Whether it waits in its engine's queue for the next checkpoint. */
    public boolean queued;

    /** Every never-written row below it is gone from the implicit queue. */
    private int cursor;
    /** Rows written before and dirty again, a ring in order of {@code dirtySince}. */
    private int[] again = NONE;

    private int againHead;
    private int againCount;
    /** Where rows leave before the end: those that changed since they last left. */
    private @Nullable UnsentRows unsent;

    public Slice(long start, long end, RowTable rows) {
        this.start = start;
        this.end = end;
        this.rows = rows;
    }

    boolean contains(long time) {
        return time >= start && time < end;
    }

    /** Called when a fold made a clean row dirty. */
    void dirtyAgain(int row) {
        if (againCount == again.length) {
            int[] grown = new int[Math.max(4, again.length * 2)];
            for (int i = 0; i < againCount; i++) {
                grown[i] = again[againHead + i & again.length - 1];
            }
            rows.hold(HeapSizes.ints(grown.length) - (again == NONE ? 0 : HeapSizes.ints(again.length)));
            again = grown;
            againHead = 0;
        }
        again[againHead + againCount++ & again.length - 1] = row;
    }

    /** Offset of the oldest update that is not in the state topic, {@link RowTable#CLEAN} if there is none. */
    public long oldestDirty() {
        int first = firstNeverWritten();
        long oldest = first < 0 ? RowTable.CLEAN : rows.dirtySince(first);
        return againCount == 0 ? oldest : Math.min(oldest, rows.dirtySince(again[againHead]));
    }

    /** Takes the row with the oldest unwritten update out of the queues; the caller writes it. */
    public int takeOldestDirty() {
        int first = firstNeverWritten();
        if (againCount > 0 && (first < 0 || rows.dirtySince(again[againHead]) < rows.dirtySince(first))) {
            int row = again[againHead];
            againHead = againHead + 1 & again.length - 1;
            againCount--;
            return row;
        }
        if (first < 0) {
            throw new IllegalStateException("no dirty row in the slice that starts at " + start);
        }
        cursor = first + 1;
        return first;
    }

    /**
     * Takes the rows [from, to) for clean, since they will be written, dirty or not, and have left; those before them
     * are clean.
     */
    public void clean(int from, int to) {
        for (int row = from; row < to; row++) {
            rows.clean(row);
        }
        cursor = Math.max(cursor, to);
        int waiting = againCount;
        againCount = 0;
        for (int i = 0; i < waiting; i++) {
            int row = again[againHead + i & again.length - 1];
            if (row >= to) {
                again[againHead + againCount++ & again.length - 1] = row;
            }
        }
        if (to == rows.size() && unsent != null) {
            unsent.clear();
        }
    }

    /** Called when a row changed that is to leave before the end, unless an older change waits already. */
    public void changed(int row, long offset) {
        if (rows.column(row, RevisionColumns.UNSENT) == 0) {
            rows.column(row, RevisionColumns.UNSENT, offset + 1);
            if (unsent == null) {
                unsent = new UnsentRows(rows);
            }
            unsent.add(row, offset);
        }
    }

    /** Marks all changes as sent. */
    public void forgetUnsent() {
        for (int row = 0; row < rows.size(); row++) {
            rows.column(row, RevisionColumns.UNSENT, 0);
        }
        if (unsent != null) {
            unsent.clear();
        }
    }

    /** Offset of the oldest change that has not left, {@link RowTable#CLEAN} if there is none. */
    long oldestUnsent() {
        while (unsent != null && !unsent.isEmpty()) {
            if (rows.column(unsent.row(), RevisionColumns.UNSENT) == unsent.since() + 1) {
                return unsent.since();
            }
            unsent.removeFirst();
        }
        return RowTable.CLEAN;
    }

    /** Takes the row of {@link #oldestUnsent} out of the queue; the caller marks it as sent. */
    int takeOldestUnsent() {
        if (unsent == null) {
            throw new IllegalStateException("no unsent row in the slice that starts at " + start);
        }
        int row = unsent.row();
        unsent.removeFirst();
        return row;
    }

    private int firstNeverWritten() {
        while (cursor < rows.size() && rows.appliedUpTo(cursor) != RowTable.NEVER) {
            cursor++;
        }
        return cursor < rows.size() ? cursor : -1;
    }
}
