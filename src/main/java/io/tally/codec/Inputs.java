package io.tally.codec;

import io.tally.codec.InputField.Kind;
import io.tally.codec.Rejection.Reason;
import io.tally.codec.bytes.Decimals;
import io.tally.codec.bytes.Utf8;
import io.tally.window.Event;
import io.tally.window.FieldValue;
import java.util.List;

/** Hands the aggregates' input fields to the event. */
final class Inputs {
    /** A text becomes part of every checkpoint and result of its key, so it is bounded. */
    static final int MAX_TEXT = 8192;

    private final int[] slots;
    private final boolean[] numeric;

    Inputs(List<InputField> inputs, FieldNames fields) {
        slots = inputs.stream()
                .mapToInt(input -> fields.slot(input.name(), "an aggregate"))
                .toArray();
        numeric = new boolean[slots.length];
        for (int i = 0; i < slots.length; i++) {
            numeric[i] = inputs.get(i).kind() == Kind.NUMBER;
        }
    }

    void read(Fields fields, Event event) {
        for (int i = 0; i < slots.length; i++) {
            int slot = slots[i];
            int length = fields.length(slot);
            FieldValue value = event.field(i);
            value.text(fields.buffer(), fields.start(slot), length);
            if (numeric[i]) {
                number(slot, fields, value);
            } else {
                checkText(slot, fields);
            }
        }
    }

    private static void number(int slot, Fields fields, FieldValue value) {
        if (!Decimals.parse(fields.buffer(), fields.start(slot), fields.length(slot), value)) {
            throw new RejectedException(
                    Reason.BAD_NUMBER,
                    "field '" + fields.name(slot) + "' holds " + fields.quote(slot)
                            + ", which is not a decimal number of at most " + Decimals.MAX_LENGTH
                            + " characters and exponent " + Decimals.MAX_EXPONENT);
        }
    }

    private static void checkText(int slot, Fields fields) {
        int length = fields.length(slot);
        if (length > MAX_TEXT) {
            throw new RejectedException(
                    Reason.MALFORMED,
                    "field '" + fields.name(slot) + "' has " + length + " bytes; aggregates take texts of at most "
                            + MAX_TEXT);
        }
        if (!Utf8.isValid(fields.buffer(), fields.start(slot), length)) {
            throw new RejectedException(
                    Reason.MALFORMED, "field '" + fields.name(slot) + "' is not UTF-8: " + fields.quote(slot));
        }
    }
}
