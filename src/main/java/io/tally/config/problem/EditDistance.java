package io.tally.config.problem;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

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

    /**
     * The property that was probably meant: the nearest name, if it is one or two typos away, more in a long last part;
     * else the first of the nearest that has the right last part, in the wrong group.
     *
     * @param candidates dots between their parts; case, dots, hyphens, underscores and brackets do not matter
     * @param hasLastPart whether what was written ends with a candidate's last part
     */
    static Optional<String> nearestProperty(
            String written, Collection<String> candidates, Predicate<String> hasLastPart) {
        String wanted = uniform(written);
        List<String> nearestFirst = candidates.stream()
                .sorted(Comparator.comparingInt(candidate -> between(uniform(candidate), wanted)))
                .toList();
        return nearestFirst.stream()
                .limit(1)
                .filter(best -> between(uniform(best), wanted)
                        <= Math.max(2, lastPart(best).length() / 3))
                .findFirst()
                .or(() -> nearestFirst.stream()
                        .filter(candidate -> hasLastPart.test(lastPart(candidate)))
                        .findFirst());
    }

    private static String lastPart(String property) {
        return property.substring(property.lastIndexOf('.') + 1);
    }

    /** What is left of a name if it is compared with one that was written in another way. */
    static String uniform(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[-_.\\[\\]]", "");
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
