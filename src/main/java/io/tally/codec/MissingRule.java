package io.tally.codec;

import io.tally.codec.InputField.Kind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which records have no value in a field that functions read, and what then. A member that is absent or null, a column
 * behind the end of the line and a group that took no part in the match are missing in any case.
 *
 * @param texts other texts that stand for no value, byte for byte
 * @param unreadable whether a value that is there and cannot be read counts as missing, too; else it makes the record a
 *     dead letter
 * @param required whether a record without the value is a dead letter
 * @param replacement what functions see in place of a missing value; null: they pass over the record
 */
public record MissingRule(
        List<String> texts,
        boolean unreadable,
        boolean required,
        @Nullable String replacement) {
    /** Neither is a number, so no number is lost. */
    private static final List<String> NO_NUMBERS = List.of("", "-");

    public MissingRule {
        texts = List.copyOf(texts);
        if (required && replacement != null) {
            throw new IllegalArgumentException("excludes required, since '" + replacement
                    + "' takes the place of every missing value; leave one of them out");
        }
    }

    /** The texts that stand for no value if nothing is said: for numbers the empty one and {@code -}, else none. */
    public static List<String> defaultTexts(Kind kind) {
        return kind == Kind.NUMBER ? NO_NUMBERS : List.of();
    }

    static MissingRule of(Kind kind) {
        return new MissingRule(defaultTexts(kind), false, false, null);
    }

    /** As it was before there was a choice: any missing value makes the record a dead letter. */
    boolean isStrict() {
        return required && !unreadable && texts.isEmpty();
    }
}
