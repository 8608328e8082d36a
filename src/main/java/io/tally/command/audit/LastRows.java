package io.tally.command.audit;

import io.tally.heap.HeapAccount;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How many rows a sink has of each window and key, and which one is the last. Behind a shuffle no log says what the
 * others should be. But the last one has all records, and as many rows before it as its revision says.
 */
final class LastRows {
    /** About what an entry takes of the heap. */
    private static final long HEAP_BYTES = 144;

    /** The rows of a window and key. */
    static final class Entry {
        long rows;
        long hash;
        long place;
        /** Whether the source has records of it. */
        boolean isKnown;
    }

    private final Map<Long, Entry> entries = new HashMap<>();
    private final HeapAccount account;

    LastRows(HeapAccount account) {
        this.account = account;
    }

    /** Adds a row, which is behind all others of its window and key. */
    void add(long id, long hash, long place) {
        Entry entry = entries.get(id);
        if (entry == null) {
            account.take(HEAP_BYTES);
            entry = new Entry();
            entries.put(id, entry);
        }
        entry.rows++;
        entry.hash = hash;
        entry.place = place;
    }

    /** The rows of a window and key of which the source has records; null if there are none. */
    @Nullable
    Entry know(long id) {
        Entry entry = entries.get(id);
        if (entry != null) {
            entry.isKnown = true;
        }
        return entry;
    }

    /** Shows those that the source has no record of. */
    void forEachUnknown(Consumer<Entry> receiver) {
        entries.values().stream().filter(entry -> !entry.isKnown).forEach(receiver);
    }
}
