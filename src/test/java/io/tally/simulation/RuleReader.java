package io.tally.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A reader of the sink that does what docs/windows.md tells it to, and knows nothing else.
 *
 * @param <T> what it keeps of a row
 */
public final class RuleReader<T> {
    /** By key and window, the second empty for totals. */
    private final Map<List<String>, T> rows = new HashMap<>();
    /** Totals of keys that came back after their ttl. */
    private final List<T> ended = new ArrayList<>();

    /**
     * Reads one row.
     *
     * @param window start and end, in whatever form; empty for totals
     * @param revision 0 if rows have none
     * @param replaces windows, in the same form
     * @return the rows whose place it takes
     */
    public List<T> read(String key, String window, long revision, List<String> replaces, T row) {
        List<T> replaced = new ArrayList<>();
        @Nullable T before = rows.put(List.of(key, window), row);
        if (before != null && window.isEmpty() && revision <= 1) {
            ended.add(before);
        } else if (before != null) {
            replaced.add(before);
        }
        for (String other : replaces) {
            @Nullable T gone = rows.remove(List.of(key, other));
            assertThat(gone).as("a row of %s and window %s", key, other).isNotNull();
            replaced.add(gone);
        }
        return replaced;
    }

    /** Forgets rows, of which others of the same key and window are no continuation; gives them. */
    List<T> forget(BiPredicate<String, String> rule) {
        List<T> forgotten = new ArrayList<>();
        rows.entrySet().removeIf(row -> {
            boolean forgets = rule.test(row.getKey().get(0), row.getKey().get(1));
            if (forgets) {
                forgotten.add(row.getValue());
            }
            return forgets;
        });
        return forgotten;
    }

    /** The rows that stand. */
    public Stream<T> rows() {
        return Stream.concat(ended.stream(), rows.values().stream());
    }
}
