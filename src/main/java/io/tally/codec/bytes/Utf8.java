package io.tally.codec.bytes;

import java.nio.charset.StandardCharsets;

/** Validates UTF-8 (RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF) without decoding it. */
public final class Utf8 {
    private Utf8() {}

    public static boolean isValid(byte[] bytes, int start, int length) {
        int end = start + length;
        return ByteScan.isAscii(bytes, start, end) || isWellFormed(bytes, start, end);
    }

    /** The same text as valid UTF-8: ill-formed bytes become U+FFFD. */
    public static byte[] valid(byte[] text) {
        return isValid(text, 0, text.length)
                ? text
                : new String(text, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8);
    }

    /** The same range if it is valid, else a copy in which each maximal part of an ill-formed sequence is U+FFFD. */
    public static ByteRange valid(ByteRange text) {
        return isValid(text.bytes(), text.start(), text.length()) ? text : ByteRange.of(valid(text.copy()));
    }

    /** The first byte of a character's sequence. */
    public static int lead(int codePoint) {
        return new String(Character.toChars(codePoint)).getBytes(StandardCharsets.UTF_8)[0] & 0xFF;
    }

    /** Length of the well-formed sequence that begins with {@code lead}. */
    public static int width(int lead) {
        return lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    }

    /** The character of the well-formed sequence of that width at {@code i}. */
    public static int codePoint(byte[] bytes, int i, int width) {
        int value = width == 1 ? bytes[i] : bytes[i] & (0x7F >> width);
        for (int k = 1; k < width; k++) {
            value = (value << 6) | (bytes[i + k] & 0x3F);
        }
        return value;
    }

    private static boolean isWellFormed(byte[] bytes, int start, int end) {
        int i = start;
        while (i < end) {
            int size = bytes[i] >= 0 ? 1 : sequence(bytes, i, end);
            if (size == 0) {
                return false;
            }
            i += size;
        }
        return true;
    }

    /** Length of the well-formed sequence that starts with the non-ASCII byte at {@code i}; 0 if it is ill-formed. */
    private static int sequence(byte[] bytes, int i, int end) {
        int lead = bytes[i] & 0xFF;
        int size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
        if (lead < 0xC2 || lead > 0xF4 || size > end - i) {
            return 0;
        }
        // The range of the second byte excludes overlong forms, surrogates and everything above U+10FFFF.
        int second = bytes[i + 1] & 0xFF;
        int low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
        int high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
        if (second < low || second > high) {
            return 0;
        }
        for (int k = 2; k < size; k++) {
            if ((bytes[i + k] & 0xC0) != 0x80) {
                return 0;
            }
        }
        return size;
    }
}
