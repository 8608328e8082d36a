package io.tally.codec;

import java.util.List;

/** Makes result encoders. */
public final class Encoders {
    private Encoders() {}

    /**
     * An encoder for one lane; give every lane its own.
     *
     * @param format how rows are written
     * @param keyFields the fields of the group key, as in {@link KeySpec}
     * @param aggregates the names of the aggregates in the order of a result's values
     * @throws IllegalArgumentException if names clash or a template names something else
     */
    public static ResultEncoder create(SinkFormat format, List<String> keyFields, List<String> aggregates) {
        if (format instanceof SinkFormat.Text text) {
            return new TextEncoder(text, List.copyOf(keyFields), List.copyOf(aggregates));
        }
        return new JsonEncoder(List.copyOf(keyFields), List.copyOf(aggregates));
    }
}
