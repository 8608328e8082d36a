package io.tally.page;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The last quarter of an hour of one pipeline, second by second. Not thread-safe. */
final class History {
    private static final List<String> NAMES =
            List.of("records", "rows", "late", "deadLetters", "lag", "commit", "entries", "bytes");

    private final Map<String, Series> series = new LinkedHashMap<>();

    History() {
        NAMES.forEach(name -> series.put(name, new Series()));
    }

    void add(Second second) {
        Double lag = second.lag();
        Double commit = second.commit();
        put(
                second.records(),
                second.rows(),
                second.late(),
                second.deadLetters(),
                lag == null ? Double.NaN : lag,
                commit == null ? Double.NaN : commit,
                second.entries(),
                second.bytes());
    }

    /** A second of which nothing is known. */
    void addGap() {
        series.values().forEach(one -> one.add(Double.NaN));
    }

    private void put(double... values) {
        int i = 0;
        for (Series one : series.values()) {
            one.add(values[i++]);
        }
    }

    /** The values by the names of {@link Second}. */
    Map<String, List<@Nullable Float>> values() {
        Map<String, List<@Nullable Float>> values = new LinkedHashMap<>();
        series.forEach((name, one) -> values.put(name, one.values()));
        return values;
    }
}
