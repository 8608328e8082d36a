package io.tally.pipeline.status;

import io.tally.codec.bytes.PlainText;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some of the rows that a partition sent in a committed transaction. They hold keys and values, so not everybody may
 * see them.
 *
 * @param rows how many rows there were, at least 1
 * @param any a few of them, each with the same chance, in no particular order
 * @param largest of all rows those with the largest numbers, one of each key
 * @param rankedBy name of the result whose numbers these are; null if none is a number
 */
public record RowSample(
        long rows,
        List<Row> any,
        List<Row> largest,
        @Nullable String rankedBy) {
    private static final int LONGEST_KEY = 80;
    private static final int LONGEST_VALUE = 240;

    /**
     * A row.
     *
     * @param key the group key
     * @param value as it was sent
     * @param number the first of its results that is a number; NaN if there is none
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on once, and compared by nobody
    public record Row(byte[] key, byte[] value, double number) {
        /** The key as text, made harmless and short. */
        public String keyText() {
            return PlainText.of(key, 0, key.length, LONGEST_KEY);
        }

        /** The value as text, made harmless and short. */
        public String valueText() {
            return PlainText.of(value, 0, value.length, LONGEST_VALUE);
        }
    }
}
