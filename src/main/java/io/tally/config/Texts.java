package io.tally.config;

import org.jspecify.annotations.Nullable;

/** A property without a value in YAML ({@code topic:}) arrives as an empty text; it means the same as none. */
final class Texts {
    private Texts() {}

    static @Nullable String blankToNull(@Nullable String text) {
        return text == null || text.isBlank() ? null : text;
    }
}
