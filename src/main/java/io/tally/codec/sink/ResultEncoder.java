package io.tally.codec.sink;

import io.tally.engine.WindowResult;

/** Turns a row into the bytes of the sink record. Not thread-safe; each lane has its own. */
public interface ResultEncoder {
    /** The value. */
    byte[] encode(WindowResult result);

    /** The record key: the group key, unless rows have other keys. */
    default byte[] key(WindowResult result) {
        return result.key();
    }

    /** Whether rows of different windows have different record keys. */
    default boolean hasWindowInKey() {
        return false;
    }
}
