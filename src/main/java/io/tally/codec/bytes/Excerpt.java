package io.tally.codec.bytes;

import java.nio.charset.StandardCharsets;

/**
 * Makes foreign bytes fit for a log line, a header and a terminal: printable ASCII as it is, everything else as
 * {@code \n}, {@code \r}, {@code \t}, {@code \\} or {@code \xHH}, cut to a bounded length.
 */
public final class Excerpt {
    /** Longest rejection detail, in characters. */
    static final int MAX_DETAIL = 200;

    private static final int MAX_QUOTE = 60;
    private static final String CUT = "...";

    private Excerpt() {}

    /** The bytes in single quotes, in at most 60 characters plus quotes. */
    public static String quote(byte[] bytes, int start, int length) {
        return quote(bytes, start, length, MAX_QUOTE);
    }

    /** The text in single quotes, in at most 60 characters plus quotes. */
    public static String quote(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return quote(bytes, 0, bytes.length);
    }

    /** The bytes in single quotes, in at most {@code max} characters plus quotes. */
    public static String quote(byte[] bytes, int start, int length, int max) {
        return "'" + escape(bytes, start, length, max) + "'";
    }

    /** A sentence that may contain foreign characters, escaped and cut to {@link #MAX_DETAIL}. */
    public static String limit(String detail) {
        if (detail.length() <= MAX_DETAIL && detail.chars().allMatch(c -> c >= ' ' && c <= '~')) {
            return detail;
        }
        // Backslashes stay: the parts were escaped where they were quoted.
        byte[] bytes = detail.getBytes(StandardCharsets.UTF_8);
        StringBuilder text = new StringBuilder(MAX_DETAIL);
        for (byte b : bytes) {
            String next = b == '\\' ? "\\" : escape(b);
            if (text.length() + next.length() > MAX_DETAIL) {
                text.setLength(Math.min(text.length(), MAX_DETAIL - CUT.length()));
                return text.append(CUT).toString();
            }
            text.append(next);
        }
        return text.toString();
    }

    private static String escape(byte[] bytes, int start, int length, int max) {
        StringBuilder text = new StringBuilder(Math.min(length, max) + 8);
        for (int i = start; i < start + length; i++) {
            text.append(escape(bytes[i]));
            if (text.length() > max) {
                text.setLength(max - CUT.length());
                return text.append(CUT).toString();
            }
        }
        return text.toString();
    }

    private static String escape(byte b) {
        return switch (b) {
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            case '\\' -> "\\\\";
            default -> b >= ' ' && b <= '~' ? String.valueOf((char) b) : String.format("\\x%02x", b & 0xFF);
        };
    }
}
