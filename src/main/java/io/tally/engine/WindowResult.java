package io.tally.engine;

import io.tally.window.TimeWindow;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row of one key in one window.
 *
 * @param start inclusive window start, milliseconds since the epoch
 * @param end exclusive window end, milliseconds since the epoch
 * @param key the group key's bytes, owned by the receiver
 * @param values one result per aggregate in the pipeline's order: {@link Long}, {@link java.math.BigDecimal},
 *     {@code byte[]} (UTF-8 text), a {@link java.util.List} of such values, a {@link java.util.Map} from {@link String}
 *     to such values in the order of its entries, or null when the aggregate has no value
 * @param revision number of this row among the rows of its key and window, from 1; 0 where there is only one
 * @param isFinal whether the window has closed; after that, only records within the allowed lateness bring another row
 * @param replaces the windows of earlier rows of the key that this row replaces, other than its own, in the order of
 *     time: rows of the sessions that became this one
 */
@SuppressWarnings("ArrayRecordComponent") // a value handed once from engine to encoder, never compared
public record WindowResult(
        long start,
        long end,
        byte[] key,
        @Nullable Object[] values,
        long revision,
        boolean isFinal,
        List<TimeWindow> replaces) {
    /** A row that replaces none, or only the row of its own window. */
    public WindowResult(long start, long end, byte[] key, @Nullable Object[] values, long revision, boolean isFinal) {
        this(start, end, key, values, revision, isFinal, List.of());
    }

    /** The only row of its key and window. */
    public WindowResult(long start, long end, byte[] key, @Nullable Object[] values) {
        this(start, end, key, values, 0, true);
    }
}
