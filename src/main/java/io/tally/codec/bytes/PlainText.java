package io.tally.codec.bytes;

import java.nio.charset.StandardCharsets;

/**
 * Foreign bytes as text for people who may see them. UTF-8 stays as it is, and other bytes become U+FFFD. Characters
 * that have no form of their own or would turn the text around them, such as control characters, become escapes. Cut to
 * a bounded length.
 */
public final class PlainText {
    private static final String CUT = "…";

    private PlainText() {}

    /**
     * The text.
     *
     * @param max the most characters, before an ellipsis, at least 1
     */
    public static String of(byte[] bytes, int start, int length, int max) {
        // A character has at most four bytes, and what is cut in two is behind the end.
        int read = Math.min(length, 4 * max + 4);
        String text = new String(bytes, start, read, StandardCharsets.UTF_8);
        StringBuilder shown = new StringBuilder(Math.min(text.length(), max) + 8);
        int count = 0;
        for (int i = 0; i < text.length(); ) {
            int character = text.codePointAt(i);
            i += Character.charCount(character);
            if (++count > max) {
                return shown.append(CUT).toString();
            }
            append(character, shown);
        }
        return read < length ? shown.append(CUT).toString() : shown.toString();
    }

    /** The whole range likewise. */
    public static String of(ByteRange range, int max) {
        return of(range.bytes(), range.start(), range.length(), max);
    }

    private static void append(int character, StringBuilder out) {
        switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.PRIVATE_USE,
                    Character.SURROGATE,
                    Character.UNASSIGNED -> out.append(escape(character));
            default -> out.appendCodePoint(character);
        }
    }

    private static String escape(int character) {
        return switch (character) {
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default -> String.format(character > 0xFFFF ? "\\u{%x}" : "\\u%04x", character);
        };
    }
}
