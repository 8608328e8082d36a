package io.tally.codec.sink;

import io.tally.engine.WindowResult;
import java.util.List;

/** Turns a row into the bytes of the sink record. Not thread-safe; each lane has its own. */
public interface ResultEncoder {
    /** The value. */
    byte[] encode(WindowResult result);

    /** The record key: the group key, unless rows have other keys. */
    default byte[] key(WindowResult result) {
        return result.key();
    }

    /** The names of a row's results, in their order, for people; empty if they have none. */
    default List<String> resultNames() {
        return List.of();
    }

    /** Whether rows of different windows have different record keys. */
    default boolean hasWindowInKey() {
        return false;
    }
}
