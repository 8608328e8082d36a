package io.tally.codec.decode;

import io.tally.aggregate.FieldValue;
import io.tally.codec.Fields;
import io.tally.codec.RejectedException;
import io.tally.codec.Rejection.Reason;
import io.tally.codec.bytes.Decimals;
import io.tally.codec.bytes.Utf8;
import io.tally.codec.decode.InputField.Kind;
import io.tally.setting.Setting;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads one field for the aggregates: the compiled form of an {@link InputField}. */
final class Input {
    /** A text becomes part of every checkpoint and row of its key, so it is bounded. */
    static final int MAX_TEXT = 8192;

    /** Of those that stand for no value, such as {@code N/A} and {@code undefined}. */
    private static final int LONGEST_WORD = 16;

    private final int slot;
    private final boolean numeric;
    private final byte[][] missingTexts;
    /** Whether a text that means "no value" could be read as a value, so that these texts must be looked for first. */
    private final boolean textsFirst;

    private final boolean unreadable;
    private final boolean required;
    private final byte @Nullable [] replacement;
    private final FieldValue replacementNumber = new FieldValue();

    Input(InputField field, int slot) {
        MissingRule rule = field.missing();
        this.slot = slot;
        numeric = field.kind() == Kind.NUMBER;
        missingTexts = bytes(rule.texts());
        textsFirst = Arrays.stream(missingTexts).anyMatch(text -> !numeric || isNumber(text));
        unreadable = rule.unreadable();
        required = rule.required();
        String otherwise = rule.replacement();
        replacement = otherwise == null ? null : otherwise.getBytes(StandardCharsets.UTF_8);
        if (replacement != null && numeric) {
            Decimals.parse(replacement, 0, replacement.length, replacementNumber);
        }
    }

    private static byte[][] bytes(List<String> texts) {
        return texts.stream().map(text -> text.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
    }

    private static boolean isNumber(byte[] text) {
        return Decimals.parse(text, 0, text.length, new FieldValue());
    }

    /**
     * Sets the value, or gives false if the record has none.
     *
     * @throws RejectedException if the value is required and missing, or cannot be read
     */
    boolean read(Fields fields, FieldValue value) {
        if (fields.hasText(slot) && !(textsFirst && isMissingText(fields))) {
            byte[] buffer = fields.buffer();
            int start = fields.start(slot);
            int length = fields.length(slot);
            value.text(buffer, start, length);
            boolean readable = numeric
                    ? Decimals.parse(buffer, start, length, value)
                    : length <= MAX_TEXT && Utf8.isValid(buffer, start, length);
            if (readable) {
                return true;
            }
        }
        replace(fields, value);
        return false;
    }

    /**
     * Handles a value that is missing or counts as missing: rejects the record, or sets the replacement or "missing".
     */
    private void replace(Fields fields, FieldValue value) {
        boolean text = fields.hasText(slot) && isMissingText(fields);
        if (fields.exists(slot) && !text && !unreadable) {
            throw notReadable(fields);
        }
        if (required) {
            throw text
                    ? new RejectedException(
                            Reason.MISSING_FIELD,
                            "field '" + fields.name(slot) + "' holds " + fields.quote(slot)
                                    + ", which stands for no value, and it is required")
                    : new RejectedException(
                            Reason.MISSING_FIELD, "the record has no field '" + fields.name(slot) + "'");
        }
        if (replacement == null) {
            value.missing();
            return;
        }
        value.text(replacement, 0, replacement.length);
        if (numeric) {
            value.number(replacementNumber);
        }
    }

    private boolean isMissingText(Fields fields) {
        int start = fields.start(slot);
        int end = start + fields.length(slot);
        for (byte[] text : missingTexts) {
            if (Arrays.equals(fields.buffer(), start, end, text, 0, text.length)) {
                return true;
            }
        }
        return false;
    }

    private RejectedException notReadable(Fields fields) {
        int length = fields.length(slot);
        if (numeric) {
            return new RejectedException(
                    Reason.BAD_NUMBER,
                    "field '" + fields.name(slot) + "' holds " + fields.quote(slot)
                            + ", which is not a decimal number of at most " + Decimals.MAX_LENGTH
                            + " characters and exponent " + Decimals.MAX_EXPONENT
                            + (length <= LONGEST_WORD
                                    ? "; if it means no value, name it in " + Setting.SOURCE_MISSING
                                    : ""));
        }
        return new RejectedException(
                Reason.MALFORMED,
                length > MAX_TEXT
                        ? "field '" + fields.name(slot) + "' has " + length
                                + " bytes; aggregates take texts of at most " + MAX_TEXT
                        : "field '" + fields.name(slot) + "' is not UTF-8: " + fields.quote(slot) + "; "
                                + Setting.SOURCE_INVALID_UTF8 + ": replace takes it all the same");
    }
}
