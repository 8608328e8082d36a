package io.tally.codec.bytes;

import io.tally.aggregate.FieldValue;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;

/**
 * Reads exact decimal numbers: the grammar of {@link BigDecimal#BigDecimal(String)} in ASCII digits, at most 64
 * characters, exponents from -100 to 100. Plain numbers of up to 18 digits cost no allocation.
 */
public final class Decimals {
    public static final int MAX_LENGTH = 64;
    public static final int MAX_EXPONENT = 100;
    /** So many digits always fit a long. */
    private static final int MAX_DIGITS = 18;

    private Decimals() {}

    /** Sets {@code number} and returns true, or returns false if the text is not a number within the limits. */
    public static boolean parse(byte[] bytes, int start, int length, FieldValue number) {
        if (length == 0 || length > MAX_LENGTH) {
            return false;
        }
        int end = start + length;
        boolean negative = bytes[start] == '-';
        int first = negative || bytes[start] == '+' ? start + 1 : start;
        int point = -1;
        long unscaled = 0;
        for (int i = first; i < end; i++) {
            int digit = bytes[i] - '0';
            if (digit >= 0 && digit <= 9) {
                // Overflow does no harm: with so many digits the result is not used.
                unscaled = unscaled * 10 + digit;
            } else if (bytes[i] == '.' && point < 0) {
                point = i;
            } else {
                return parseExponent(bytes, start, end, i, number);
            }
        }
        int digits = end - first - (point < 0 ? 0 : 1);
        if (digits == 0) {
            return false;
        }
        if (digits > MAX_DIGITS) {
            return parseBig(bytes, start, length, number);
        }
        number.number(negative ? -unscaled : unscaled, point < 0 ? 0 : end - point - 1);
        return true;
    }

    /** Parses a number with an exponent, if {@code mark} is where an exponent starts. */
    private static boolean parseExponent(byte[] bytes, int start, int end, int mark, FieldValue number) {
        if (bytes[mark] != 'e' && bytes[mark] != 'E') {
            return false;
        }
        int first = mark + 1;
        if (first < end && (bytes[first] == '-' || bytes[first] == '+')) {
            first++;
        }
        int exponent = 0;
        for (int i = first; i < end; i++) {
            int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9) {
                return false;
            }
            exponent = Math.min(exponent * 10 + digit, MAX_EXPONENT + 1);
        }
        return first < end && exponent <= MAX_EXPONENT && parseBig(bytes, start, end - start, number);
    }

    private static boolean parseBig(byte[] bytes, int start, int length, FieldValue number) {
        BigDecimal value;
        try {
            value = new BigDecimal(new String(bytes, start, length, StandardCharsets.ISO_8859_1));
        } catch (NumberFormatException e) {
            return false;
        }
        set(value.scale() < 0 ? value.setScale(0) : value, number);
        return true;
    }

    /** Uses two primitives if they can hold the value, so that equal texts always have the same form. */
    private static void set(BigDecimal value, FieldValue number) {
        if (value.precision() <= MAX_DIGITS && value.scale() <= MAX_DIGITS) {
            number.number(value.unscaledValue().longValueExact(), value.scale());
        } else {
            number.number(value);
        }
    }

    /** The number as a {@link BigDecimal}. */
    public static BigDecimal toBigDecimal(FieldValue number) {
        BigDecimal big = number.big();
        return big == null ? BigDecimal.valueOf(number.unscaled(), number.scale()) : big;
    }
}
