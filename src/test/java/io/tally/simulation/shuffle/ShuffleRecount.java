package io.tally.simulation.shuffle;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.codec.SourceRecord;
import io.tally.simulation.SimCodec;
import io.tally.simulation.SimRecord;
import io.tally.simulation.SimWindow;
import io.tally.simulation.SimWindow.Kind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** What must come of a {@link ShuffleSimulation}, recounted record by record, each source partition by itself. */
final class ShuffleRecount {
    private final ShuffleSettings settings;
    private final SimWindow window;
    private final ShuffleSink sink;
    private final Consumer<ShuffleHappening> happened;
    /** Records that were not late. */
    private final List<SimRecord> counted = new ArrayList<>();

    private final List<ShuffledTotals.Read> read = new ArrayList<>();

    ShuffleRecount(ShuffleSettings settings, ShuffleSink sink, Consumer<ShuffleHappening> happened) {
        this.settings = settings;
        this.sink = sink;
        this.happened = happened;
        window = settings.window;
    }

    /**
     * Checks all that came.
     *
     * @param unshown records in open rows that no row has shown
     */
    void check(
            List<ShufflePartition<SimRecord>> sources,
            List<? extends ShufflePartition<? extends SourceRecord>> merges,
            long unshown) {
        List<String> late = new ArrayList<>();
        for (ShufflePartition<SimRecord> source : sources) {
            classify(source, late);
        }
        assertThat(sink.late).containsExactlyInAnyOrderElementsOf(late);
        checkLedgers(sources, merges);
        if (settings.recountable && window.kind() == Kind.TOTAL_WITH_TTL) {
            checkTotals();
        } else if (settings.recountable) {
            checkRows();
        }
        checkReader(unshown);
    }

    /** What is late depends on nothing else. */
    private void classify(ShufflePartition<SimRecord> source, List<String> late) {
        long watermark = Long.MIN_VALUE;
        NavigableMap<Long, Long> setBacks = new TreeMap<>(source.setBacks);
        for (SimRecord record : source.kafka.source) {
            while (!setBacks.isEmpty() && setBacks.firstKey() <= record.offset()) {
                watermark = setBacks.pollFirstEntry().getValue();
            }
            watermark = Math.max(watermark, record.time() - ShuffleSettings.GRACE);
            read.add(new ShuffledTotals.Read(key(record), record.time(), watermark));
            if (window.kind() == Kind.TUMBLING
                    && window.windowsOf(record.time()).get(0).end() + window.lateness() <= watermark) {
                late.add(source.number + "-" + record.offset());
                happened.accept(ShuffleHappening.LATE);
            } else {
                counted.add(record);
            }
        }
    }

    private static String key(SimRecord record) {
        return new String(record.key().copy(), StandardCharsets.UTF_8);
    }

    private void checkLedgers(
            List<ShufflePartition<SimRecord>> sources,
            List<? extends ShufflePartition<? extends SourceRecord>> merges) {
        assertThat(sources.stream()
                        .mapToLong(source -> source.committed().ledger().folded())
                        .sum())
                .isEqualTo(counted.size())
                .isEqualTo(merges.stream()
                        .filter(merge -> merge.kafka.isPresent())
                        .mapToLong(merge -> merge.committed().ledger().folded()
                                + merge.committed().ledger().late())
                        .sum());
    }

    private void checkTotals() {
        assertThat(sink.lateByKey).isEqualTo(sink.totals.check(read, window.updates()));
        if (!sink.lateByKey.isEmpty()) {
            happened.accept(ShuffleHappening.LATE_FOR_TOTALS);
        }
        if (sink.totals.beganAnew()) {
            happened.accept(ShuffleHappening.TOTALS_BEGAN_ANEW);
        }
    }

    private void checkRows() {
        Map<String, Long> expected = window.kind() == Kind.SESSION ? sessions() : windows();
        Map<String, Long> found = new TreeMap<>();
        sink.rows.forEach((id, counts) -> {
            if (window.kind() != Kind.TOTAL && window.lateness() == 0) {
                assertThat(counts).as(id).hasSize(1);
            }
            found.put(id, counts.get(counts.size() - 1));
        });
        if (settings.strict) {
            assertThat(sink.latePartials).isEmpty();
        }
        sink.latePartials.forEach((id, counts) -> counts.forEach(count -> found.merge(id, count, Long::sum)));
        assertThat(found).isEqualTo(expected);
    }

    private Map<String, Long> windows() {
        Map<String, Long> windows = new TreeMap<>();
        counted.forEach(record -> window.windowsOf(record.time())
                .forEach(span -> windows.merge(name(span) + " " + key(record), 1L, Long::sum)));
        return windows;
    }

    private String name(SimWindow.Span span) {
        return settings.isTotal() ? "" : SimCodec.windows(List.of(span));
    }

    private Map<String, Long> sessions() {
        Map<String, Long> sessions = new TreeMap<>();
        Map<String, List<Long>> times = new TreeMap<>();
        counted.forEach(record ->
                times.computeIfAbsent(key(record), key -> new ArrayList<>()).add(record.time()));
        times.forEach((key, all) -> {
            Collections.sort(all);
            int first = 0;
            for (int i = 1; i <= all.size(); i++) {
                if (i == all.size() || all.get(i) - all.get(i - 1) >= window.size()) {
                    SimWindow.Span span = new SimWindow.Span(all.get(first), all.get(i - 1) + window.size());
                    sessions.put(name(span) + " " + key, (long) (i - first));
                    first = i;
                }
            }
        });
        return sessions;
    }

    /** A window may have a row, and after a set-back another of other records: all of them add up. */
    private void checkRowsOfTheirOwn() {
        if ((window.kind() == Kind.TUMBLING || window.kind() == Kind.SESSION) && !settings.isRevised()) {
            long rows = Stream.of(sink.rows, sink.latePartials)
                    .flatMap(counts -> counts.values().stream())
                    .flatMap(List::stream)
                    .mapToLong(count -> count)
                    .sum();
            assertThat(rows).isEqualTo(counted.size());
        }
    }

    /** The rows that stand for a reader, and the partials that were late, add up to the records. */
    private void checkReader(long unshown) {
        if (settings.setsBack) {
            checkRowsOfTheirOwn();
            return;
        }
        long found = sink.reader.rows().mapToLong(count -> count).sum()
                + sink.lateByKey.values().stream().mapToLong(count -> count).sum();
        switch (window.kind()) {
            case TUMBLING, SESSION, TOTAL -> assertThat(found).isEqualTo(counted.size());
            // No row has shown those that wait for their turn, nor any before its end if there are no updates.
            case TOTAL_WITH_TTL -> assertThat(found + unshown).isEqualTo(counted.size());
            default -> {
                if (settings.strict) {
                    assertThat(found)
                            .isEqualTo(counted.stream()
                                    .mapToLong(record ->
                                            window.windowsOf(record.time()).size())
                                    .sum());
                }
            }
        }
    }
}
