package io.tally.simulation;

import io.tally.codec.SourceRecord;
import io.tally.codec.bytes.ByteRange;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A source record of the simulation: its bytes, as the decoder gets them, and beside them their meaning, which only the
 * model reads.
 *
 * @param time event time, milliseconds since the epoch
 * @param tag what filters look at, 0 to 9
 * @param power 4^n for the n-th record of its window and key: the sum shows which records are missing or doubled
 * @param amount a decimal of any scale and size, null for none
 * @param label text unique to the record, null for none
 * @param poison whether the decoder must reject it
 */
public record SimRecord(
        long offset,
        @Nullable ByteRange key,
        @Nullable ByteRange value,
        long time,
        int tag,
        BigDecimal power,
        @Nullable BigDecimal amount,
        @Nullable String label,
        boolean poison)
        implements SourceRecord {

    /** Stands for a value that is missing. */
    static final String NONE = "-";

    public static SimRecord of(
            long offset,
            byte[] key,
            long time,
            int tag,
            BigDecimal power,
            @Nullable BigDecimal amount,
            @Nullable String label) {
        String value = time + values(tag, power, amount, label);
        return new SimRecord(
                offset,
                ByteRange.of(key),
                ByteRange.of(value.getBytes(StandardCharsets.UTF_8)),
                time,
                tag,
                power,
                amount,
                label,
                false);
    }

    /** The same with another time, which the value does not tell from the one that is a clock change earlier. */
    public SimRecord ambiguous(long other, long earlier) {
        String text = "~" + earlier + values(tag, power, amount, label);
        ByteRange range = ByteRange.of(text.getBytes(StandardCharsets.UTF_8));
        return new SimRecord(offset, key, range, other, tag, power, amount, label, false);
    }

    /** How many of its values are missing. */
    int missing() {
        return (amount == null ? 1 : 0) + (label == null ? 1 : 0);
    }

    private static String values(int tag, BigDecimal power, @Nullable BigDecimal amount, @Nullable String label) {
        return "|" + tag + "|" + power + "|" + (amount == null ? NONE : amount) + "|" + (label == null ? NONE : label);
    }

    public static SimRecord poison(long offset, byte @Nullable [] key, byte @Nullable [] value) {
        return new SimRecord(offset, range(key), range(value), 0, 0, BigDecimal.ZERO, BigDecimal.ZERO, "", true);
    }

    private static @Nullable ByteRange range(byte @Nullable [] bytes) {
        return bytes == null ? null : ByteRange.of(bytes);
    }

    @Override
    public long timestamp() {
        return -1;
    }
}
