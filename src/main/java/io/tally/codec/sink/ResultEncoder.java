package io.tally.codec.sink;

import io.tally.codec.key.CompositeKeyText;
import io.tally.engine.WindowResult;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns a row into the bytes of the sink record. Not thread-safe; each lane has its own. */
public interface ResultEncoder {
    /** The value. */
    byte[] encode(WindowResult result);

    /** The record key: the group key, unless rows have other keys. */
    default byte[] key(WindowResult result) {
        return result.key();
    }

    /** An example of a group key that it can write, to find out what rows show. */
    default byte[] exampleKey() {
        return CompositeKeyText.example(1);
    }

    /** The names of a row's results, in their order, for people; empty if they have none. */
    default List<String> resultNames() {
        return List.of();
    }

    /** What reads back which row a record is; null if the rows do not say it. */
    default @Nullable RowReader reader() {
        return null;
    }

    /** Whether rows of different windows have different record keys. */
    default boolean hasWindowInKey() {
        return false;
    }
}
