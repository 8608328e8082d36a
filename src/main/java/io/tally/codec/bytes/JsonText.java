package io.tally.codec.bytes;

/**
 * JSON string literals (RFC 8259) of UTF-8 text, in one canonical form: a two-character escape where there is one,
 * {@code \\u00xx} for the other control characters, everything else as it is. Equal texts give equal literals, which
 * composite group keys rely on.
 */
public final class JsonText {
    private static final String HEX = "0123456789abcdef";

    private JsonText() {}

    /** Writes the literal with its quotes; the bytes must be valid UTF-8. */
    public static void write(byte[] bytes, int start, int length, ByteOutput out) {
        out.write('"');
        int plain = start;
        int end = start + length;
        for (int i = start; i < end; i++) {
            byte b = bytes[i];
            if ((b >= 0 && b < ' ') || b == '"' || b == '\\') {
                out.write(bytes, plain, i - plain);
                plain = i + 1;
                escape(b, out);
            }
        }
        out.write(bytes, plain, end - plain);
        out.write('"');
    }

    /** Writes a quote, a backslash or a control character. */
    public static void escape(byte b, ByteOutput out) {
        out.write('\\');
        switch (b) {
            case '"', '\\' -> out.write(b);
            case '\b' -> out.write('b');
            case '\t' -> out.write('t');
            case '\n' -> out.write('n');
            case '\f' -> out.write('f');
            case '\r' -> out.write('r');
            default -> {
                out.writeAscii("u00");
                out.write(HEX.charAt(b >> 4));
                out.write(HEX.charAt(b & 0xF));
            }
        }
    }
}
