package io.tally.search;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A record of the state topic, its bytes as characters; a null value is a tombstone. */
record StateRecord(String key, @Nullable String value) {
    static StateRecord of(byte[] key, byte @Nullable [] value) {
        return new StateRecord(text(key), value == null ? null : text(value));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    byte[] keyBytes() {
        return key.getBytes(StandardCharsets.ISO_8859_1);
    }

    byte @Nullable [] valueBytes() {
        return value == null ? null : value.getBytes(StandardCharsets.ISO_8859_1);
    }
}
