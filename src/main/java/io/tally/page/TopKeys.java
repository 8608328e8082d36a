package io.tally.page;

import io.tally.pipeline.status.RowSample;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The keys whose rows had the largest numbers, of the rows of a minute until the newest one. Each transaction tells its
 * largest, so this is exact unless one key pushes the others of a transaction out again and again. Not thread-safe.
 */
final class TopKeys {
    static final int SHOWN = 10;
    static final long MILLIS = 60_000;
    /** More are not kept: the smallest go. */
    static final int MOST = 200;

    /**
     * A key.
     *
     * @param number the largest of its rows
     * @param time when that row was committed, milliseconds since the epoch
     */
    record Top(String key, double number, long time) {}

    private static final Comparator<Top> LARGEST_FIRST =
            Comparator.comparingDouble(Top::number).reversed().thenComparing(Top::key);

    private final Map<String, Top> byKey = new HashMap<>();

    void add(long now, List<RowSample.Row> rows) {
        byKey.values().removeIf(top -> top.time() < now - MILLIS);
        for (RowSample.Row row : rows) {
            byKey.merge(
                    row.keyText(),
                    new Top(row.keyText(), row.number(), now),
                    (before, after) -> before.number() > after.number() ? before : after);
        }
        if (byKey.size() > MOST) {
            List<Top> kept = byKey.values().stream()
                    .sorted(LARGEST_FIRST)
                    .limit(MOST / 2)
                    .toList();
            byKey.clear();
            kept.forEach(top -> byKey.put(top.key(), top));
        }
    }

    List<Top> largest() {
        return byKey.values().stream().sorted(LARGEST_FIRST).limit(SHOWN).toList();
    }
}
