package io.tally.codec.sink;

import io.tally.setting.Setting;
import java.util.ArrayList;
import java.util.List;

/**
 * A text with placeholders in braces, as a list of parts.
 *
 * @param parts literals and placeholders in their order
 */
record Template(List<Part> parts) {
    /** A literal, or a placeholder's name. */
    record Part(String text, boolean placeholder) {}

    /**
     * Parses a template.
     *
     * @throws IllegalArgumentException if a brace has no partner
     */
    static Template parse(String template) {
        List<Part> parts = new ArrayList<>();
        StringBuilder literal = new StringBuilder();
        for (int i = 0; i < template.length(); i++) {
            char c = template.charAt(i);
            if ((c == '{' || c == '}') && template.startsWith(String.valueOf(c), i + 1)) {
                literal.append(c);
                i++;
            } else if (c == '{') {
                int end = template.indexOf('}', i);
                if (end < 0) {
                    throw unbalanced(template, i);
                }
                addLiteral(literal, parts);
                parts.add(new Part(template.substring(i + 1, end), true));
                i = end;
            } else if (c == '}') {
                throw unbalanced(template, i);
            } else {
                literal.append(c);
            }
        }
        addLiteral(literal, parts);
        return new Template(List.copyOf(parts));
    }

    /** Whether there is a placeholder of this name. */
    boolean has(String name) {
        return parts.contains(new Part(name, true));
    }

    private static void addLiteral(StringBuilder literal, List<Part> parts) {
        if (literal.length() > 0) {
            parts.add(new Part(literal.toString(), false));
            literal.setLength(0);
        }
    }

    private static IllegalArgumentException unbalanced(String template, int index) {
        return new IllegalArgumentException(
                Setting.SINK_TEMPLATE + " '" + template + "' has a brace without its partner at index " + index
                        + "; write {{ or }} for a brace itself, for example {start} {key} {count}");
    }
}
