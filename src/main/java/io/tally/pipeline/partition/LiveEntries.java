package io.tally.pipeline.partition;

import io.tally.checkpoint.BirthMarker;
import io.tally.checkpoint.StateFormat;
import io.tally.heap.HeapAccount;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The content of a state partition: the newest version of each entry, and the birth marker. It is fed with the
 * partition's records in the order of their offsets. Compaction may or may not have removed older versions.
 */
final class LiveEntries {
    private final StateFormat format = new StateFormat();
    private final ByteMap entries;
    private @Nullable BirthMarker birth;
    private byte @Nullable [] sources;
    private final Map<Integer, StateFormat.UpdateNote> emissions = new HashMap<>();

    /** @param account the account from which they take their heap */
    LiveEntries(HeapAccount account) {
        entries = new ByteMap(account);
    }

    /** @throws IllegalStateException if the record is not of our format or damaged */
    void add(byte @Nullable [] key, byte @Nullable [] value) {
        if (key == null) {
            throw new IllegalStateException("a record without a key");
        }
        switch (format.kind(key)) {
            case BIRTH -> birth = value == null ? null : format.readBirth(key, value);
            case SOURCES -> sources = value;
            case EMISSION -> {
                if (value == null) {
                    throw new IllegalStateException("a tombstone where none is ever written");
                }
                StateFormat.UpdateNote emission = format.readEmission(key, value);
                emissions.put(emission.place(), emission);
            }
            case ENTRY -> {
                if (value == null) {
                    entries.remove(key);
                } else {
                    entries.put(key, value);
                }
            }
        }
    }

    @Nullable
    BirthMarker birth() {
        return birth;
    }

    /** What a merge knows of its source partitions, as it was written. */
    byte @Nullable [] sources() {
        return sources;
    }

    /** When updates left. May include notes that no recovery needs any more. */
    Collection<StateFormat.UpdateNote> emissions() {
        return emissions.values();
    }

    /** What a check compares. */
    StoredState summary() {
        return new StoredState(birth, entries.size(), sources != null || !emissions.isEmpty());
    }

    int size() {
        return entries.size();
    }

    /** Hands out all entries, and forgets each of them at once. */
    void drain(BiConsumer<byte[], byte[]> action) {
        entries.drain(action);
    }
}
