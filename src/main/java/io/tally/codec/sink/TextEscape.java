package io.tally.codec.sink;

import io.tally.codec.bytes.ByteOutput;
import io.tally.codec.bytes.JsonText;
import io.tally.codec.bytes.Utf8;
import io.tally.setting.Setting;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps texts from breaking the row that they are in. A character that could be taken for a separator or for the end of
 * the line is written as in a JSON string: {@code \n}, {@code \r}, {@code \t}, {@code \b}, {@code \f} and {@code \\},
 * any other as {@code \}{@code uxxxx} in UTF-16. So a reader first splits the row, then reads each text as the inside
 * of a JSON string.
 *
 * <p>Separators are the characters of the template around its placeholders that are neither letters nor digits. Line
 * ends are all that Unicode knows (UAX #14: LF, CR, VT, FF, NEL, LS and PS). All control characters are escaped, too. A
 * backslash is always escaped, since a reader could not tell it from an escape otherwise.
 */
final class TextEscape {
    private static final String HEX = "0123456789abcdef";
    private static final int NEXT_LINE = 0x85;
    private static final int LINE_SEPARATOR = 0x2028;
    private static final int PARAGRAPH_SEPARATOR = 0x2029;

    /** For each byte, whether it is escaped, or may begin a character that is. */
    private final boolean[] noticed = new boolean[256];

    private final Set<Integer> beyondAscii = new HashSet<>();

    /**
     * The escape for the rows of a template; null if their texts stay as they are.
     *
     * @throws IllegalArgumentException if the template has a separator that begins an escape
     */
    static @Nullable TextEscape of(SinkFormat.Text format, List<Template.Part> template) {
        if (format.escape() == SinkFormat.Escape.NONE) {
            return null;
        }
        TextEscape escape = new TextEscape();
        List<String> literals = template.stream()
                .filter(part -> !part.placeholder())
                .map(Template.Part::text)
                .toList();
        for (String literal : literals) {
            literal.codePoints().filter(c -> !Character.isLetterOrDigit(c)).forEach(escape::add);
        }
        if (literals.stream().anyMatch(literal -> literal.indexOf('\\') >= 0)) {
            throw new IllegalArgumentException(Setting.SINK_TEMPLATE + " '" + format.template()
                    + "' has a backslash between its placeholders, by which texts are escaped; choose another"
                    + " separator, or set " + Setting.SINK_ESCAPE + "=none if no text can hold one");
        }
        return escape;
    }

    private TextEscape() {
        for (int c = 0; c < ' '; c++) {
            add(c);
        }
        add('\\');
        add(0x7F);
        add(NEXT_LINE);
        add(LINE_SEPARATOR);
        add(PARAGRAPH_SEPARATOR);
    }

    private void add(int codePoint) {
        if (codePoint < 0x80) {
            noticed[codePoint] = true;
        } else {
            beyondAscii.add(codePoint);
            noticed[Utf8.lead(codePoint)] = true;
        }
    }

    /** Writes a text, which must be valid UTF-8. */
    void text(byte[] bytes, int length, ByteOutput out) {
        text(bytes, 0, length, out);
    }

    private void text(byte[] bytes, int start, int length, ByteOutput out) {
        int end = start + length;
        int plain = start;
        int i = start;
        while (i < end) {
            int lead = bytes[i] & 0xFF;
            int width = 1;
            if (noticed[lead]) {
                width = Utf8.width(lead);
                int c = Utf8.codePoint(bytes, i, width);
                if (c < 0x80 || beyondAscii.contains(c)) {
                    out.write(bytes, plain, i - plain);
                    write(c, out);
                    plain = i + width;
                }
            }
            i += width;
        }
        out.write(bytes, plain, end - plain);
    }

    /** Writes JSON, valid and compact, and escapes its strings further; the rest stays as it is. */
    void json(byte[] bytes, int length, ByteOutput out) {
        int plain = 0;
        boolean string = false;
        int i = 0;
        while (i < length) {
            byte b = bytes[i];
            if (b == '"' || (string && b == '\\')) {
                int next = i + (b == '"' ? 1 : 2);
                if (string) {
                    text(bytes, plain, i - plain, out);
                    plain = i;
                }
                string ^= b == '"';
                out.write(bytes, plain, next - plain);
                plain = next;
                i = next;
            } else {
                i++;
            }
        }
        out.write(bytes, plain, length - plain);
    }

    private static void write(int codePoint, ByteOutput out) {
        if (codePoint < ' ' || codePoint == '\\') {
            JsonText.escape((byte) codePoint, out);
            return;
        }
        for (char unit : Character.toChars(codePoint)) {
            out.writeAscii("\\u");
            for (int shift = 12; shift >= 0; shift -= 4) {
                out.write(HEX.charAt((unit >> shift) & 0xF));
            }
        }
    }
}
