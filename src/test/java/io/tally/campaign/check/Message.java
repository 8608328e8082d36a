package io.tally.campaign.check;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A record as it was read from a topic.
 *
 * @param key its bytes as characters of ISO 8859-1, so that nothing is lost
 * @param value likewise
 * @param origin of late records and dead letters: where in the source they come from
 */
public record Message(
        int partition,
        long offset,
        @Nullable String key,
        @Nullable String value,
        @Nullable Position origin) {
    /** A place in a topic. */
    public record Position(int partition, long offset) {}

    Message with(@Nullable String newKey, @Nullable String newValue) {
        return new Message(partition, offset, newKey, newValue, origin);
    }

    /** The text of these bytes, null if they are no UTF-8. */
    static @Nullable String utf8(@Nullable String bytes) {
        if (bytes == null) {
            return null;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1)))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
