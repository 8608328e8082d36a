package io.tally.engine.slice;

import io.tally.engine.row.RowTable;
import io.tally.heap.HeapSizes;
import java.util.Arrays;

/**
 * A slice's rows that changed since they last left, in the order of the change, in 12 bytes each. A row that leaves by
 * another way stays in the queue: whether an element still counts is for its user to tell, by the offset.
 */
final class UnsentRows {
    private static final int LEAST = 4;

    private final RowTable table;
    private long[] since = new long[LEAST];
    private int[] rows = new int[LEAST];
    private int head;
    private int count;

    /** @param table the rows are of */
    UnsentRows(RowTable table) {
        this.table = table;
        table.hold(HeapSizes.object(20) + bytes(LEAST));
    }

    private static long bytes(int capacity) {
        return HeapSizes.longs(capacity) + HeapSizes.ints(capacity);
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** Adds a row whose oldest unsent change has this offset, which is none before those of the others. */
    void add(int row, long offset) {
        if (count == rows.length) {
            grow();
        }
        int at = head + count++ & rows.length - 1;
        since[at] = offset;
        rows[at] = row;
    }

    /** Offset of the first. */
    long since() {
        return since[head];
    }

    /** Row of the first. */
    int row() {
        return rows[head];
    }

    void removeFirst() {
        head = head + 1 & rows.length - 1;
        count--;
    }

    void clear() {
        table.hold(bytes(LEAST) - bytes(rows.length));
        since = new long[LEAST];
        rows = new int[LEAST];
        head = 0;
        count = 0;
    }

    private void grow() {
        int length = rows.length;
        int capacity = length * 2;
        table.hold(bytes(capacity) - bytes(length));
        since = Arrays.copyOf(since, capacity);
        rows = Arrays.copyOf(rows, capacity);
        // The ring is full, so what was in front of the head comes behind the old end.
        System.arraycopy(since, 0, since, length, head);
        System.arraycopy(rows, 0, rows, length, head);
    }
}
