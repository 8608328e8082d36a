package io.tally.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Somebody who reads the sink of a {@link Simulation} by the rule: after each row, whatever has been in a row so far is
 * in exactly one of the rows that stand, once for each window.
 */
final class SimReader {
    /** A record in a window; sessions and totals have each record once. */
    private record Item(SimRecord record, long windowEnd) {}

    private final SimWindow.Kind kind;
    private final RuleReader<List<Item>> reader = new RuleReader<>();
    private final Map<Item, Integer> counts = new HashMap<>();
    /** Records that were counted before there were these windows. */
    private final long before;

    SimReader(SimWindow window, NaiveModel model) {
        kind = window.kind();
        before = model.folded;
    }

    void read(NaiveModel model, SimRules rules) {
        model.shown.forEach(this::read);
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

    private void read(NaiveModel.Shown row) {
        boolean total = kind == SimWindow.Kind.TOTAL || kind == SimWindow.Kind.TOTAL_WITH_TTL;
        boolean once = total || kind == SimWindow.Kind.SESSION;
        List<Item> items = row.records().stream()
                .map(record -> new Item(record, once ? 0 : row.window().end()))
                .toList();
        List<Item> touched = new ArrayList<>(items);
        items.forEach(item -> counts.merge(item, 1, Integer::sum));
        List<String> replaces = row.replaces().stream()
                .map(window -> NaiveModel.windows(List.of(window)))
                .toList();
        String window = total ? "" : NaiveModel.windows(List.of(row.window()));
        reader.read(row.key(), window, row.revision(), replaces, items).forEach(replaced -> {
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
