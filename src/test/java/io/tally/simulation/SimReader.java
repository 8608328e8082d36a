package io.tally.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Somebody who reads the sink of a {@link Simulation} by the rule. After each row, each record that has been in any row
 * is in exactly one of the rows that stand, once for each window.
 */
final class SimReader {
    /** A record in a window; sessions and totals have each record once. */
    private record Item(SimRecord record, long windowEnd) {}

    private final SimWindow.Kind kind;
    private final RuleReader<List<Item>> reader = new RuleReader<>();
    private final Map<Item, Integer> counts = new HashMap<>();
    /** Records that were counted before there were these windows. */
    private long before;
    /** Keys and windows whose rows before a set-back stay, whatever comes. */
    private final Set<List<String>> separate = new HashSet<>();

    SimReader(SimWindow window, NaiveModel model) {
        kind = window.kind();
        before = model.folded;
    }

    void read(NaiveModel model, SimRules rules) {
        for (NaiveModel.Shown row : model.shown) {
            if (separate.remove(List.of(row.key(), window(row)))) {
                model.happened(Happening.ROW_AGAIN_AFTER_SET_BACK);
            }
            read(row);
        }
        model.shown.clear();
        boolean once = kind == SimWindow.Kind.TUMBLING
                || kind == SimWindow.Kind.DAYS
                || kind == SimWindow.Kind.WEEKS
                || kind == SimWindow.Kind.MONTHS
                || kind == SimWindow.Kind.HOURS
                || kind == SimWindow.Kind.SESSION;
        if (once && !model.hasOpenWindows(rules)) {
            assertThat(counts).as("records when all windows have closed").hasSize((int) (model.folded - before));
        }
    }

    /**
     * The watermark was set back to a time: windows that take records under it, and that the pipeline knows nothing of
     * any more, get rows of their own from now on, which are to be added to those before.
     */
    void setBack(long to, NaiveModel model, SimRules rules) {
        long closed = to - rules.window().lateness();
        List<List<Item>> forgotten = reader.forget((key, window) -> {
            boolean isNew = !window.isEmpty()
                    && Long.parseLong(window.substring(window.indexOf(',') + 1, window.length() - 1)) > closed
                    && !model.knows(key, window, rules);
            if (isNew) {
                separate.add(List.of(key, window));
            }
            return isNew;
        });
        for (List<Item> items : forgotten) {
            before += items.size();
            items.forEach(counts::remove);
        }
    }

    private String window(NaiveModel.Shown row) {
        boolean total = kind == SimWindow.Kind.TOTAL || kind == SimWindow.Kind.TOTAL_WITH_TTL;
        return total ? "" : SimCodec.windows(List.of(row.window()));
    }

    private void read(NaiveModel.Shown row) {
        boolean total = kind == SimWindow.Kind.TOTAL || kind == SimWindow.Kind.TOTAL_WITH_TTL;
        boolean once = total || kind == SimWindow.Kind.SESSION;
        List<Item> items = row.records().stream()
                .map(record -> new Item(record, once ? 0 : row.window().end()))
                .toList();
        List<Item> touched = new ArrayList<>(items);
        items.forEach(item -> counts.merge(item, 1, Integer::sum));
        List<String> replaces = row.replaces().stream()
                .map(window -> SimCodec.windows(List.of(window)))
                .toList();
        reader.read(row.key(), window(row), row.revision(), replaces, items).forEach(replaced -> {
            replaced.forEach(item -> counts.merge(item, -1, Integer::sum));
            touched.addAll(replaced);
        });
        for (Item item : touched) {
            if (counts.get(item) != 1) {
                assertThat(counts.get(item))
                        .as("how often %s counts after %s", item, row)
                        .isEqualTo(1);
            }
        }
    }
}
