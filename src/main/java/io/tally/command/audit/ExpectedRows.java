package io.tally.command.audit;

import io.tally.engine.row.Accumulators;
import io.tally.engine.row.Aggregates;
import io.tally.heap.HeapAccount;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The rows of a bucket by window and key. */
final class ExpectedRows {
    private final SortedMap<Long, Map<KeyBytes, ExpectedRow>> windows = new TreeMap<>();
    private final Aggregates aggregates;
    private final HeapAccount account;
    private final KeyBytes sought = new KeyBytes();
    private long lastEnd;
    private @Nullable Map<KeyBytes, ExpectedRow> last;

    /** @param account what they take of the heap is taken from it */
    ExpectedRows(Aggregates aggregates, HeapAccount account) {
        this.aggregates = aggregates;
        this.account = account;
    }

    /** All rows of a window and key, linked; null if there is none. */
    @Nullable
    ExpectedRow find(long end, byte[] buffer, int start, int length) {
        Map<KeyBytes, ExpectedRow> rows = window(end);
        return rows == null ? null : rows.get(sought.show(buffer, start, length));
    }

    private @Nullable Map<KeyBytes, ExpectedRow> window(long end) {
        if (last == null || end != lastEnd) {
            last = windows.get(end);
            lastEnd = end;
        }
        return last;
    }

    /** The row of a window, key and partition; null if there is none. */
    @Nullable
    ExpectedRow find(long end, byte[] buffer, int start, int length, int partition) {
        ExpectedRow row = find(end, buffer, start, length);
        while (row != null && row.partition != partition) {
            row = row.next;
        }
        return row;
    }

    /** Adds the row of a window, key and partition, which there must not be yet. */
    ExpectedRow add(long end, byte[] buffer, int start, int length, int partition) {
        account.take(ExpectedRow.HEAP_BYTES + length + aggregates.newAccumulatorBytes());
        ExpectedRow before = find(end, buffer, start, length);
        byte[] key = new KeyBytes().show(buffer, start, length).copy();
        Accumulators accumulators = aggregates.newAccumulators();
        ExpectedRow row = new ExpectedRow(key, partition, accumulators, before);
        Map<KeyBytes, ExpectedRow> rows = window(end);
        if (rows == null) {
            rows = new HashMap<>();
            windows.put(end, rows);
            last = rows;
        }
        rows.remove(row);
        rows.put(row, row);
        return row;
    }

    /** Shows all rows with the ends of their windows. */
    void forEach(BiConsumer<Long, ExpectedRow> receiver) {
        windows.forEach((end, rows) -> rows.values().forEach(first -> {
            for (ExpectedRow row = first; row != null; row = row.next) {
                receiver.accept(end, row);
            }
        }));
    }
}
