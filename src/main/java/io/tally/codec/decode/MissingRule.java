package io.tally.codec.decode;

import io.tally.codec.decode.InputField.Kind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which records lack a value in a field that functions read, and what happens then. Always missing are a member that is
 * absent or null, a column behind the end of the line, and a group that took no part in the match.
 *
 * @param texts texts that also mean "no value", byte for byte
 * @param unreadable whether a value that cannot be read counts as missing, too. Otherwise it makes the record a dead
 *     letter
 * @param required whether a record without the value is a dead letter
 * @param replacement what functions see in place of a missing value; null: they pass over the record
 */
public record MissingRule(
        List<String> texts,
        boolean unreadable,
        boolean required,
        @Nullable String replacement) {
    /** Neither text is a number, so no number is lost. */
    private static final List<String> NO_NUMBERS = List.of("", "-");

    public MissingRule {
        texts = List.copyOf(texts);
        if (required && replacement != null) {
            throw new IllegalArgumentException("excludes required, since '" + replacement
                    + "' takes the place of every missing value; leave one of them out");
        }
    }

    /** The texts that mean "no value" by default: for numbers the empty one and {@code -}, for texts none. */
    public static List<String> defaultTexts(Kind kind) {
        return kind == Kind.NUMBER ? NO_NUMBERS : List.of();
    }

    static MissingRule of(Kind kind) {
        return new MissingRule(defaultTexts(kind), false, false, null);
    }

    /** Whether any missing value makes the record a dead letter, as in versions without the choice. */
    boolean isStrict() {
        return required && !unreadable && texts.isEmpty();
    }
}
