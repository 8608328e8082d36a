package io.tally.simulation.shuffle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Totals with a ttl behind a shuffle, recounted without one. It takes the records of all source partitions in one go,
 * in the order of the watermarks that their partitions had at them. It is also a reader of the sink, who knows what the
 * documents say.
 */
final class ShuffledTotals {
    private final long ttl;
    /** Final rows of each merge in the order in which they came, and what its readers have. */
    private final Map<Integer, List<String>> finals = new TreeMap<>();

    private final Map<String, Long> shown = new TreeMap<>();
    private final Map<String, Long> revisions = new HashMap<>();

    ShuffledTotals(long ttl) {
        this.ttl = ttl;
    }

    /** A row has been read: the last one is the truth, and one after a final one begins anew. */
    void row(int merge, String key, long count, long revision, boolean isFinal, boolean updates) {
        assertThat(revision)
                .as("revision of %s %s", key, count)
                .isEqualTo(updates ? revisions.merge(key, 1L, Long::sum) : 0);
        shown.put(key, count);
        if (isFinal) {
            finals.computeIfAbsent(merge, any -> new ArrayList<>()).add(key + "=" + count);
            shown.remove(key);
            revisions.remove(key);
        }
    }

    /** Whether a key had two totals one after the other. */
    boolean beganAnew() {
        return finals.values().stream()
                .anyMatch(rows ->
                        rows.stream().map(row -> row.split("=")[0]).distinct().count() < rows.size());
    }

    /** A record as its source partition has it. */
    record Read(String key, long time, long watermark) {}

    /** Checks what came, and gives the number of late records by key. */
    Map<String, Long> check(List<Read> records, boolean updates) {
        Map<String, Total> open = new HashMap<>();
        List<Total> closed = new ArrayList<>();
        Map<String, Long> late = new TreeMap<>();
        records.stream().sorted(Comparator.comparingLong(Read::watermark)).forEach(read -> {
            List<Total> ended = open.values().stream()
                    .filter(total -> total.last + ttl <= read.watermark)
                    .sorted(Comparator.<Total>comparingLong(total -> total.last).thenComparing(total -> total.key))
                    .toList();
            closed.addAll(ended);
            open.values().removeAll(ended);
            @Nullable Total total = open.get(read.key);
            if (total == null && read.time + ttl <= read.watermark) {
                late.merge(read.key, 1L, Long::sum);
            } else {
                if (total == null) {
                    total = new Total(read.key, read.time);
                    open.put(read.key, total);
                }
                total.last = Math.max(total.last, read.time);
                total.count++;
            }
        });
        finals.forEach((merge, rows) -> {
            List<String> keys = rows.stream().map(row -> row.split("=")[0]).toList();
            assertThat(rows)
                    .as("final rows of merge %s", merge)
                    .isEqualTo(closed.stream()
                            .filter(total -> keys.contains(total.key))
                            .map(total -> total.key + "=" + total.count)
                            .toList());
        });
        assertThat(finals.values().stream().mapToInt(List::size).sum()).isEqualTo(closed.size());
        Map<String, Long> counts = new TreeMap<>();
        open.forEach((key, total) -> counts.put(key, total.count));
        assertThat(shown).as("totals that go on").isEqualTo(updates ? counts : Map.of());
        return late;
    }

    private static final class Total {
        final String key;
        long last;
        long count;

        Total(String key, long last) {
            this.key = key;
            this.last = last;
        }
    }
}
