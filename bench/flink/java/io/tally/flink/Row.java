package io.tally.flink;

import java.nio.charset.StandardCharsets;
import org.apache.flink.api.common.serialization.SerializationSchema;

/**
 * A row of the sink, {@code windowstart ip count}.
 *
 * @param ip its key
 */
public record Row(String ip, String text) {
    /** A class, as Flink finds out the types by reflection, which it cannot with a lambda. */
    static final class Key implements SerializationSchema<Row> {
        @Override
        public byte[] serialize(Row row) {
            return bytes(row.ip);
        }
    }

    /** The value of the record. */
    static final class Text implements SerializationSchema<Row> {
        @Override
        public byte[] serialize(Row row) {
            return bytes(row.text);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
