package io.tally.codec;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Field values as texts, one character per byte. */
public final class FieldText {
    private FieldText() {}

    /** Null for a field that is not there. */
    public static @Nullable String of(Fields fields, int slot) {
        return fields.exists(slot)
                ? new String(fields.buffer(), fields.start(slot), fields.length(slot), StandardCharsets.ISO_8859_1)
                : null;
    }
}
