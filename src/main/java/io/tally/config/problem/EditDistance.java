package io.tally.config.problem;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** How far two names are apart. */
public final class EditDistance {
    private EditDistance() {}

    /**
     * The candidate that is nearest to a name; the first of those if there are several.
     *
     * @param most empty if even the nearest is farther away than this
     */
    public static Optional<String> nearest(String name, Collection<String> candidates, int most) {
        return candidates.stream()
                .min(Comparator.comparingInt(candidate -> between(name, candidate)))
                .filter(candidate -> between(name, candidate) <= most);
    }

    /** Levenshtein's distance: insertions, deletions and replacements of characters that turn one into the other. */
    static int between(String a, String b) {
        int[] previous = new int[b.length() + 1];
        int[] current = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(replaced, 1 + Math.min(previous[j], current[j - 1]));
            }
            int[] swap = previous;
            previous = current;
            current = swap;
        }
        return previous[b.length()];
    }
}
