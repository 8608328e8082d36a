package io.tally.codec.decode;

import io.tally.aggregate.FieldValue;
import io.tally.codec.Fact;
import io.tally.codec.bytes.Decimals;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A field that aggregates read; its slot in the {@link io.tally.aggregate.Event} is its index in the decoder's list.
 *
 * @param name a field of the source
 * @param kind whether the field must be a number
 * @param missing which values count as missing, and what then
 */
public record InputField(String name, Kind kind, MissingRule missing) {
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

    /** @throws IllegalArgumentException if the replacement of a missing number is not a number */
    public InputField {
        String replacement = missing.replacement();
        if (replacement != null && kind == Kind.NUMBER) {
            byte[] text = replacement.getBytes(StandardCharsets.UTF_8);
            if (!Decimals.parse(text, 0, text.length, new FieldValue())) {
                throw new IllegalArgumentException(
                        "is no decimal number, which aggregates need of field '" + name + "'; for example 0");
            }
        }
    }

    /** A field with the default rule for missing values. */
    public InputField(String name, Kind kind) {
        this(name, kind, MissingRule.of(kind));
    }

    /**
     * The part of the replay fingerprint that says which records functions pass over. Null if they pass over none, as
     * in versions without the choice.
     */
    public @Nullable Fact fact() {
        if (missing.isStrict()) {
            return null;
        }
        String replacement = missing.replacement();
        List<String> values = new ArrayList<>(List.of(
                name,
                kind.name().toLowerCase(Locale.ROOT),
                missing.unreadable() ? "unreadable" : "",
                missing.required() ? "required" : ""));
        values.add(replacement == null ? "" : "=" + replacement);
        values.addAll(missing.texts());
        return new Fact("missing", values);
    }
}
