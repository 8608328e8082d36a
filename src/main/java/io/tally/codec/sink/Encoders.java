package io.tally.codec.sink;

import io.tally.codec.key.KeySpec;
import java.util.List;

/** Makes result encoders. */
public final class Encoders {
    private Encoders() {}

    /** An encoder for pipelines with one row for each window and key. */
    public static ResultEncoder create(SinkFormat format, List<String> keyFields, List<String> aggregates) {
        return create(format, RowShape.PLAIN, keyFields, aggregates);
    }

    /**
     * An encoder for one lane; give every lane its own.
     *
     * @param format how rows are written
     * @param shape what rows have beside key and values
     * @param keyFields the fields of the group key, as in {@link KeySpec}
     * @param aggregates the names of the aggregates in the order of a result's values
     * @throws IllegalArgumentException if names clash or a template names something else
     */
    public static ResultEncoder create(
            SinkFormat format, RowShape shape, List<String> keyFields, List<String> aggregates) {
        if (format instanceof SinkFormat.Text text) {
            return new TextEncoder(text, shape, List.copyOf(keyFields), List.copyOf(aggregates));
        }
        return new JsonEncoder(shape, List.copyOf(keyFields), List.copyOf(aggregates));
    }

    /** The same rows with the window in their record keys, a JSON array of start, end and group key. */
    public static ResultEncoder withWindowInKey(ResultEncoder encoder) {
        return new WindowKeys(encoder);
    }
}
