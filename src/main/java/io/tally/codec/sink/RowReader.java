package io.tally.codec.sink;

import org.jspecify.annotations.Nullable;

/**
 * Reads which row a record of a sink is: its window and its group key. It does not read results. To compare those,
 * encode the row that is expected. Not thread-safe.
 */
public interface RowReader {
    /**
     * A row's place among all rows.
     *
     * @param start inclusive window start in milliseconds since the epoch; null if the row does not say it
     * @param end exclusive window end in milliseconds since the epoch; null if the row does not say it
     * @param key the group key's bytes
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
    record Place(@Nullable Long start, @Nullable Long end, byte[] key) {}

    /**
     * Reads a record of the sink.
     *
     * @return null if it is not a row of this sink
     */
    @Nullable
    Place read(byte @Nullable [] key, byte @Nullable [] value);
}
