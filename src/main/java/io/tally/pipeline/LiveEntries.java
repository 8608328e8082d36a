package io.tally.pipeline;

import io.tally.checkpoint.BirthMarker;
import io.tally.checkpoint.StateFormat;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What a state partition holds: the newest version of each entry, and the birth marker. Fed with its records in order
 * of offset; compaction may or may not have removed the older ones.
 */
final class LiveEntries {
    private final StateFormat format = new StateFormat();
    private final Map<Key, byte[]> entries = new HashMap<>();
    private @Nullable BirthMarker birth;
    private byte @Nullable [] sources;
    private final Map<Integer, StateFormat.Emission> emissions = new HashMap<>();

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
                StateFormat.Emission emission = format.readEmission(key, value);
                emissions.put(emission.place(), emission);
            }
            case ENTRY -> {
                if (value == null) {
                    entries.remove(new Key(key));
                } else {
                    entries.put(new Key(key), value);
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

    /** When updates left, including what no recovery needs any more. */
    Collection<StateFormat.Emission> emissions() {
        return emissions.values();
    }

    int size() {
        return entries.size();
    }

    void forEach(BiConsumer<byte[], byte[]> action) {
        entries.forEach((key, value) -> action.accept(key.bytes, value));
    }

    private static final class Key {
        private final byte[] bytes;
        private final int hash;

        Key(byte[] bytes) {
            this.bytes = bytes;
            this.hash = Arrays.hashCode(bytes);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key that && Arrays.equals(bytes, that.bytes);
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }
}
