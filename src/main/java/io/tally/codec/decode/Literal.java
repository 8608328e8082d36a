package io.tally.codec.decode;

import io.tally.aggregate.FieldValue;
import io.tally.codec.bytes.ByteScan;
import io.tally.codec.bytes.Decimals;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A value that a filter compares fields with, as numbers or as texts. */
final class Literal {
    /** The field is not a number but the literal is. */
    static final int INCOMPARABLE = 2;

    private final byte[] text;
    private final boolean numeric;
    private final FieldValue number = new FieldValue();
    private final BigDecimal exact;
    private final FieldValue field = new FieldValue();

    /** @param numeric whether the value is a number and fields are compared as numbers */
    Literal(String value, boolean numeric) {
        text = value.getBytes(StandardCharsets.UTF_8);
        this.numeric = numeric;
        if (numeric && !Decimals.parse(text, 0, text.length, number)) {
            throw new IllegalArgumentException("'" + value + "' is no number");
        }
        exact = numeric ? Decimals.toBigDecimal(number) : BigDecimal.ZERO;
    }

    static boolean isNumber(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        return Decimals.parse(bytes, 0, bytes.length, new FieldValue());
    }

    /** Compares the field with this: -1, 0, 1 or {@link #INCOMPARABLE}. */
    int compare(byte[] bytes, int start, int length) {
        if (!numeric) {
            return Integer.signum(Arrays.compareUnsigned(bytes, start, start + length, text, 0, text.length));
        }
        if (!Decimals.parse(bytes, start, length, field)) {
            return INCOMPARABLE;
        }
        if (field.big() == null && number.big() == null && field.scale() == number.scale()) {
            return Long.compare(field.unscaled(), number.unscaled());
        }
        return Decimals.toBigDecimal(field).compareTo(exact);
    }

    boolean isPrefixOf(byte[] bytes, int start, int length) {
        return length >= text.length && Arrays.equals(bytes, start, start + text.length, text, 0, text.length);
    }

    boolean isIn(byte[] bytes, int start, int length) {
        int last = start + length - text.length;
        for (int i = start; i <= last; i++) {
            if (text.length > 0) {
                i = ByteScan.indexOf(bytes, i, last + 1, text[0]);
            }
            if (i <= last && isPrefixOf(bytes, i, text.length)) {
                return true;
            }
        }
        return false;
    }
}
