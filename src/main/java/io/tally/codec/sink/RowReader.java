package io.tally.codec.sink;

import org.jspecify.annotations.Nullable;

/**
 * Reads back which row some bytes in a sink are: its window and its group key. Their results are not read; who wants to
 * compare them encodes the row that is expected. Not thread-safe.
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
