package io.tally.command.explain;

import io.tally.codec.bytes.ByteOutput;
import io.tally.codec.bytes.JsonText;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Group keys as rows show them, with the escapes of a text or of JSON. */
final class RowKey {
    private static final Pattern ESCAPE = Pattern.compile("\\\\(?:u(\\p{XDigit}{4})|([\"\\\\bfnrt]))");
    private static final String LETTERS = "bfnrt";
    private static final String CONTROLS = "\b\f\n\r\t";

    private RowKey() {}

    /** The group key that a row shows like this; the same text if it has no escapes. */
    static String of(String shown) {
        List<byte[]> texts = Mentions.texts(shown.getBytes(StandardCharsets.UTF_8));
        if (texts.size() == 1) {
            return ESCAPE.matcher(shown).replaceAll(match -> Matcher.quoteReplacement(character(match)));
        }
        ByteOutput key = new ByteOutput();
        texts.forEach(text -> {
            key.write(key.size() == 0 ? '[' : ',');
            JsonText.write(text, 0, text.length, key);
        });
        key.write(']');
        return new String(key.toByteArray(), StandardCharsets.UTF_8);
    }

    private static String character(MatchResult escape) {
        if (escape.group(1) != null) {
            return String.valueOf((char) Integer.parseInt(escape.group(1), 16));
        }
        int control = LETTERS.indexOf(escape.group(2));
        return control < 0 ? escape.group(2) : CONTROLS.substring(control, control + 1);
    }

    /** The option of a command line that has the key, for a shell. */
    static String option(String key) {
        if (key.chars().noneMatch(Character::isISOControl)) {
            return "--key='" + key.replace("'", "'\\''") + "'";
        }
        StringBuilder quoted = new StringBuilder("--key=$'");
        key.chars().forEach(c -> {
            if (Character.isISOControl(c)) {
                quoted.append(String.format("\\u%04x", c));
            } else {
                quoted.append(c == '\'' || c == '\\' ? "\\" : "").append((char) c);
            }
        });
        return quoted.append('\'').toString();
    }
}
