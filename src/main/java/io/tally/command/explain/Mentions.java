package io.tally.command.explain;

import io.tally.codec.SourceRecord;
import io.tally.codec.bytes.ByteRange;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Whether a record mentions a key, although its group key was not read: the key is the record key, or its texts are in
 * the value. A record that a filter leaves out, or that is a dead letter, may not even have a group key.
 */
final class Mentions {
    private final byte[] key;
    private final List<byte[]> texts;

    Mentions(byte[] key) {
        this.key = key;
        texts = texts(key);
    }

    /** The texts that a key of several fields consists of, or the key itself. */
    static List<byte[]> texts(byte[] key) {
        List<byte[]> texts = new ArrayList<>();
        try {
            JsonNode parts = JsonMapper.builder().build().readTree(key);
            if (parts.isArray() && parts.size() > 1) {
                parts.forEach(part -> texts.add(part.asString().getBytes(StandardCharsets.UTF_8)));
                return texts;
            }
        } catch (JacksonException e) {
            // Then it is a text.
            return List.of(key);
        }
        return List.of(key);
    }

    boolean in(SourceRecord record) {
        ByteRange recordKey = record.key();
        if (recordKey != null
                && Arrays.equals(key, 0, key.length, recordKey.bytes(), recordKey.start(), recordKey.end())) {
            return true;
        }
        ByteRange value = record.value();
        return value != null && texts.stream().allMatch(text -> holds(value, text));
    }

    private static boolean holds(@Nullable ByteRange value, byte[] text) {
        if (value == null) {
            return false;
        }
        for (int i = value.start(); i + text.length <= value.end(); i++) {
            if (Arrays.equals(value.bytes(), i, i + text.length, text, 0, text.length)) {
                return true;
            }
        }
        return false;
    }
}
