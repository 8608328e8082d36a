package io.tally.engine.slice;

import io.tally.engine.row.RowTable;
import io.tally.heap.HeapSizes;
import java.util.Arrays;

/**
 * A slice's rows that changed since they last left, in the order of the change, 12 bytes for each. A row that leaves in
 * another way stays in the queue. The caller tells by the offset whether an element still counts.
 */
final class UnsentRows {
    private static final int LEAST = 4;

    private final RowTable table;
    private long[] since = new long[LEAST];
    private int[] rows = new int[LEAST];
    private int head;
    private int count;

    /** @param table the table of the rows */
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

    /** Adds a row whose oldest unsent change has this offset. Offsets never decrease. */
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
        // The ring is full. What was before the head moves behind the old end.
        System.arraycopy(since, 0, since, length, head);
        System.arraycopy(rows, 0, rows, length, head);
    }
}
