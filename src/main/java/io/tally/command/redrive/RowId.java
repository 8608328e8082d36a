package io.tally.command.redrive;

import java.nio.charset.StandardCharsets;

/**
 * A window and a group key.
 *
 * @param end of the window; no other window has the same end
 * @param key the key's bytes, each as a character
 */
record RowId(long end, String key) {
    static RowId of(long end, byte[] buffer, int start, int length) {
        return new RowId(end, new String(buffer, start, length, StandardCharsets.ISO_8859_1));
    }

    byte[] bytes() {
        return key.getBytes(StandardCharsets.ISO_8859_1);
    }
}
