package io.tally.pipeline;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a partition must do, said as plainly as possible: record by record, each row the list of its records, results
 * computed from that list. Shares no code with the engine. It knows nothing of transactions, crashes or recovery: it is
 * told which records are committed, and which rows a checkpoint wrote.
 */
final class NaiveModel {
    static final long NEVER = -1;
    static final long CLEAN = Long.MAX_VALUE;

    /** A row of an open window. */
    static final class Row {
        final long start;
        final String key;
        final int ordinal;
        final List<SimRecord> records = new ArrayList<>();
        long appliedUpTo = NEVER;
        long dirtySince = CLEAN;

        Row(long start, String key, int ordinal) {
            this.start = start;
            this.key = key;
            this.ordinal = ordinal;
        }

        String results(SimRules rules) {
            List<String> results =
                    rules.aggregates().stream().map(a -> a.over(records)).toList();
            return String.join("|", results);
        }
    }

    private final TreeMap<Long, Map<String, Row>> windows = new TreeMap<>();
    long watermark = Long.MIN_VALUE;
    long folded;
    long late;
    long deadLettered;
    long filtered;
    long stored;

    /** Takes one committed record; gives what leaves because of it, in order. */
    List<String> step(SimRecord record, SimRules rules) {
        List<String> outputs = new ArrayList<>();
        if (record.poison()) {
            deadLettered++;
            outputs.add("dead letter " + record.offset());
            return outputs;
        }
        watermark = Math.max(watermark, record.time() - rules.grace());
        while (!windows.isEmpty() && windows.firstKey() + rules.size() <= watermark) {
            for (Row row : windows.pollFirstEntry().getValue().values()) {
                close(row, rules, outputs);
            }
        }
        long start = Math.floorDiv(record.time(), rules.size()) * rules.size();
        if (record.tag() < rules.filterBelow()) {
            filtered++;
        } else if (start + rules.size() <= watermark) {
            late++;
            outputs.add("late " + record.offset() + " "
                    + new Lateness(record.time(), start, start + rules.size(), watermark));
        } else if (refused(record, start, rules)) {
            deadLettered++;
            outputs.add("dead letter " + record.offset());
        } else {
            folded++;
            fold(record, start);
        }
        return outputs;
    }

    private boolean refused(SimRecord record, long start, SimRules rules) {
        Row row = windows.getOrDefault(start, Map.of()).get(HexFormat.of().formatHex(record.key()));
        List<SimRecord> before = row == null ? List.of() : row.records;
        return rules.aggregates().stream().anyMatch(aggregate -> aggregate.refuses(before, record));
    }

    /** The source is idle: everything closes. */
    List<String> idle(SimRules rules) {
        List<String> outputs = new ArrayList<>();
        while (!windows.isEmpty()) {
            Map.Entry<Long, Map<String, Row>> closed = windows.pollFirstEntry();
            watermark = Math.max(watermark, closed.getKey() + rules.size());
            closed.getValue().values().forEach(row -> close(row, rules, outputs));
        }
        return outputs;
    }

    private void close(Row row, SimRules rules, List<String> outputs) {
        String text = SimCodec.row(rules, row.start, row.start + rules.size(), row.key, row.results(rules));
        outputs.add("result " + row.key + " " + text);
        if (row.appliedUpTo != NEVER) {
            stored--;
            outputs.add("tombstone " + row.start + " " + row.key);
        }
    }

    private void fold(SimRecord record, long start) {
        Map<String, Row> window = windows.computeIfAbsent(start, any -> new LinkedHashMap<>());
        String key = HexFormat.of().formatHex(record.key());
        Row row = window.computeIfAbsent(key, any -> new Row(start, key, window.size()));
        row.records.add(record);
        row.dirtySince = Math.min(row.dirtySince, record.offset());
    }

    /** All rows that a replay would have to touch, in the order in which a checkpoint must write them. */
    List<Row> dirty() {
        return rows().stream()
                .filter(row -> row.dirtySince != CLEAN)
                .sorted(Comparator.comparingLong(row -> row.dirtySince))
                .toList();
    }

    /** Takes note that a checkpoint wrote a row. */
    void written(Row row, long appliedUpTo) {
        if (row.appliedUpTo == NEVER) {
            stored++;
        }
        row.appliedUpTo = appliedUpTo;
        row.dirtySince = CLEAN;
    }

    /** Open rows by window, then in the order in which their keys appeared. */
    List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        windows.values().forEach(window -> rows.addAll(window.values()));
        return rows;
    }

    long recoveryOffset(long committed) {
        return rows().stream().mapToLong(row -> row.dirtySince).min().orElse(CLEAN) == CLEAN
                ? committed
                : dirty().get(0).dirtySince;
    }
}
