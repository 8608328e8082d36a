package io.tally.command.audit;

import io.tally.engine.row.KeyHash;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A group key in a map; one that is only looked up may refer to a buffer. */
class KeyBytes {
    private byte[] bytes = {};
    private int start;
    private int length;
    private int hash;

    /** Becomes the key in a buffer, without a copy. */
    final KeyBytes show(byte[] buffer, int from, int size) {
        bytes = buffer;
        start = from;
        length = size;
        hash = KeyHash.of(buffer, from, size);
        return this;
    }

    final int length() {
        return length;
    }

    final byte[] copy() {
        return Arrays.copyOfRange(bytes, start, start + length);
    }

    @Override
    public final int hashCode() {
        return hash;
    }

    @Override
    public final boolean equals(@Nullable Object other) {
        return other instanceof KeyBytes key
                && Arrays.equals(bytes, start, start + length, key.bytes, key.start, key.start + key.length);
    }
}
