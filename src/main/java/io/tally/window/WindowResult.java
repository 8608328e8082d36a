package io.tally.window;

import org.jspecify.annotations.Nullable;

/**
 * The final row of one key in one closed window.
 *
 * @param start inclusive window start, milliseconds since the epoch
 * @param end exclusive window end, milliseconds since the epoch
 * @param key the group key's bytes, owned by the receiver
 * @param values one result per aggregate in the pipeline's order: {@link Long}, {@link java.math.BigDecimal},
 *     {@code byte[]} (UTF-8 text), a {@link java.util.List} of such values, a {@link java.util.Map} from {@link String}
 *     to such values in the order of its entries, or null when the aggregate has no value
 */
@SuppressWarnings("ArrayRecordComponent") // a value handed once from engine to encoder, never compared
public record WindowResult(
        long start, long end, byte[] key, @Nullable Object[] values) {}
