package io.tally.command.audit;

import io.tally.codec.bytes.ByteRange;
import io.tally.command.recount.Coordinates;
import io.tally.engine.row.KeyHash;
import io.tally.heap.HeapAccount;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The records of a bucket that are in a side topic by the second reading: late ones, or dead letters. */
final class SideTable {
    /** About what an entry takes of the heap. */
    private static final long HEAP_BYTES = 176;

    /** Hashes of what it must hold. */
    static final class Entry {
        final long key;
        final long value;
        final long meaning;
        int seen;

        Entry(long key, long value, long meaning) {
            this.key = key;
            this.value = value;
            this.meaning = meaning;
        }
    }

    /** A meaning that is not known. */
    static final long ANY = 0;

    private final Map<Coordinates, Entry> entries = new HashMap<>();
    private final HeapAccount account;

    SideTable(HeapAccount account) {
        this.account = account;
    }

    /** @param meaning what its headers say; null if that is not known */
    void add(Coordinates at, @Nullable ByteRange key, @Nullable ByteRange value, @Nullable String meaning) {
        account.take(HEAP_BYTES);
        entries.put(at, new Entry(hash(key), hash(value), meaning == null ? ANY : hash(meaning)));
    }

    /** Adds all of another. */
    void addAll(SideTable other) {
        account.take(HEAP_BYTES * other.entries.size());
        entries.putAll(other.entries);
    }

    @Nullable
    Entry find(Coordinates at) {
        return entries.get(at);
    }

    void forEach(BiConsumer<Coordinates, Entry> receiver) {
        entries.forEach(receiver);
    }

    int size() {
        return entries.size();
    }

    static long hash(@Nullable ByteRange range) {
        return range == null ? 0 : KeyHash.wide(range.bytes(), range.start(), range.length());
    }

    static long hash(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return KeyHash.wide(bytes, 0, bytes.length);
    }
}
