package io.tally.codec.time;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Compiles a {@link java.time.format.DateTimeFormatter} pattern to a {@link FixedLayout}, if it consists only of
 * numbers of fixed width ({@code yyyy MM dd HH mm ss} and a fraction of {@code S}) and literals.
 */
final class FixedLayoutCompiler {
    private final StringBuilder literals = new StringBuilder();
    private final int[] positions = new int[FixedLayout.FIELDS];
    private int fractionDigits;

    FixedLayoutCompiler() {
        Arrays.fill(positions, -1);
    }

    /** The layout, or null if the pattern has anything else in it. One call per instance. */
    @Nullable
    FixedLayout compile(String pattern) {
        for (int i = 0; i < pattern.length(); ) {
            int next = isLetter(pattern.charAt(i)) ? field(pattern, i) : literal(pattern, i);
            if (next < 0) {
                return null;
            }
            i = next;
        }
        return complete()
                ? new FixedLayout(literals.toString().getBytes(StandardCharsets.ISO_8859_1), positions, fractionDigits)
                : null;
    }

    /** Whether the pattern has the whole date, and no field of the time without the coarser ones. */
    private boolean complete() {
        boolean complete = true;
        for (int i = 1; i < positions.length; i++) {
            boolean needed = i <= FixedLayout.DAY || positions[i] >= 0;
            complete &= !needed || (positions[i - 1] >= 0 && positions[i] >= 0);
        }
        return complete;
    }

    private int field(String pattern, int from) {
        char letter = pattern.charAt(from);
        int to = from;
        while (to < pattern.length() && pattern.charAt(to) == letter) {
            to++;
        }
        int count = to - from;
        int field = "yMdHmsS".indexOf(letter == 'u' ? 'y' : letter);
        boolean fraction = field == FixedLayout.FRACTION;
        int digits = field == FixedLayout.YEAR ? 4 : 2;
        if (field < 0 || positions[field] >= 0 || (fraction ? count > 9 : count != digits)) {
            return -1;
        }
        positions[field] = literals.length();
        fractionDigits = fraction ? count : fractionDigits;
        literals.append("\0".repeat(count));
        return to;
    }

    /** One literal character or a quoted text, in which a doubled quote is a quote. */
    private int literal(String pattern, int from) {
        char first = pattern.charAt(from);
        if (first != '\'') {
            return "[]{}#".indexOf(first) < 0 && append(first) ? from + 1 : -1;
        }
        if (pattern.startsWith("''", from)) {
            return append('\'') ? from + 2 : -1;
        }
        for (int i = from + 1; i < pattern.length(); i++) {
            if (pattern.charAt(i) != '\'') {
                if (!append(pattern.charAt(i))) {
                    return -1;
                }
            } else if (pattern.startsWith("''", i)) {
                append('\'');
                i++;
            } else {
                return i + 1;
            }
        }
        return -1;
    }

    private boolean append(char literal) {
        literals.append(literal);
        return literal > 0 && literal < 128;
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }
}
