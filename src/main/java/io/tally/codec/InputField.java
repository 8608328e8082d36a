package io.tally.codec;

/**
 * A field that aggregates read; its slot in the {@link io.tally.window.Event} is its index in the decoder's list.
 *
 * @param name a field of the source
 * @param kind whether the field must be a number
 */
public record InputField(String name, Kind kind) {
    /** What a field must be for its aggregates. */
    public enum Kind {
        /** Any UTF-8 text of at most 8192 bytes. */
        TEXT,
        /**
         * A decimal number as {@link java.math.BigDecimal} reads it, of at most 64 characters and with an exponent of
         * at most 100 either way. No rounding ever.
         */
        NUMBER
    }
}
