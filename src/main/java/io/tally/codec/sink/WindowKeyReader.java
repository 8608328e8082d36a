package io.tally.codec.sink;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads window and group key from a record key that {@link WindowKeys} has written. */
final class WindowKeyReader implements RowReader {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int PARTS = 3;

    @Override
    public @Nullable Place read(byte @Nullable [] key, byte @Nullable [] value) {
        if (key == null) {
            return null;
        }
        try {
            JsonNode parts = JSON.readTree(key);
            if (!parts.isArray() || parts.size() != PARTS) {
                return null;
            }
            return new Place(
                    Instant.parse(parts.get(0).asString()).toEpochMilli(),
                    Instant.parse(parts.get(1).asString()).toEpochMilli(),
                    parts.get(2).asString().getBytes(StandardCharsets.UTF_8));
        } catch (JacksonException | DateTimeException | ArithmeticException e) {
            return null;
        }
    }
}
