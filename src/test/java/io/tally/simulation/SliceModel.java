package io.tally.simulation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Windows whose rows leave once; the state topic has the rows of slices. */
final class SliceModel extends NaiveModel {
    private final TreeMap<Long, Map<String, ModelRow>> slices = new TreeMap<>();

    private Stream<SimWindow.Span> windows(SimRules rules) {
        return slices.keySet().stream().flatMap(slice -> rules.window().windowsOf(slice).stream());
    }

    @Override
    LongStream ends(SimRules rules) {
        return windows(rules).mapToLong(SimWindow.Span::end);
    }

    @Override
    boolean close(long end, SimRules rules, List<String> outputs) {
        SimWindow.Span window =
                windows(rules).filter(span -> span.end() == end).findFirst().orElseThrow();
        return send(window, rules, outputs);
    }

    @Override
    void expire(SimRules rules) {
        List<Long> dead = new ArrayList<>();
        for (long slice : slices.keySet()) {
            if (isOver(slice, watermark, rules)) {
                dead.add(slice);
            }
        }
        dead.forEach(slice -> forget(slices.remove(slice).values()));
    }

    /** Here they are slices. */
    @Override
    long windowsToClose(SimRules rules) {
        return slices.keySet().stream()
                .filter(slice -> isOver(slice, target, rules))
                .count();
    }

    @Override
    boolean splitsRows(long to, SimRules rules) {
        return windows(rules).anyMatch(window -> window.end() > to && window.end() <= watermark);
    }

    @Override
    boolean knows(String key, String window, SimRules rules) {
        return false;
    }

    private static boolean isOver(long time, long at, SimRules rules) {
        return rules.window().windowsOf(time).stream().allMatch(window -> window.end() <= at);
    }

    private boolean send(SimWindow.Span window, SimRules rules, List<String> outputs) {
        Map<String, List<SimRecord>> records = new LinkedHashMap<>();
        for (Map<String, ModelRow> slice :
                slices.subMap(window.start(), window.end()).values()) {
            slice.forEach((key, row) ->
                    records.computeIfAbsent(key, any -> new ArrayList<>()).addAll(row.records));
        }
        List<Runnable> rows = new ArrayList<>();
        records.forEach((key, list) -> rows.add(() -> sendOnce(key, window, list, rules, outputs)));
        return sendAll(this, rows);
    }

    @Override
    List<List<SimRecord>> rowsFor(SimRecord record, String key, SimRules rules) {
        if (isOver(record.time(), watermark, rules)) {
            return List.of();
        }
        ModelRow row = slices.getOrDefault(rules.window().sliceOf(record.time()), Map.of())
                .get(key);
        return List.of(row == null ? List.of() : row.records);
    }

    @Override
    boolean fold(SimRecord record, String key, SimRules rules, List<String> outputs) {
        if (isOver(record.time(), watermark, rules)) {
            return false;
        }
        if (rules.window().windowsOf(record.time()).get(0).end() <= watermark) {
            happened(Happening.PARTLY_LATE);
        }
        long start = rules.window().sliceOf(record.time());
        Map<String, ModelRow> slice = slices.computeIfAbsent(start, any -> new LinkedHashMap<>());
        slice.computeIfAbsent(key, any -> new ModelRow(start, key, slice.size()))
                .add(record);
        return true;
    }

    @Override
    boolean hasOpenWindows(SimRules rules) {
        return !slices.isEmpty();
    }

    @Override
    long lastEnd(SimRules rules) {
        List<SimWindow.Span> windows = rules.window().windowsOf(slices.lastKey());
        return windows.get(windows.size() - 1).end();
    }

    @Override
    List<ModelRow> rows() {
        List<ModelRow> rows = new ArrayList<>();
        slices.values().forEach(slice -> rows.addAll(slice.values()));
        return rows;
    }

    @Override
    String numbers(ModelRow row, SimRules rules) {
        return "";
    }

    @Override
    int urgent() {
        return 0;
    }

    @Override
    List<ModelRow> checkpoint(
            int entries, List<String> left, long sentBefore, long cutAt, SimRules rules, List<String> outputs) {
        return rows().stream()
                .filter(row -> row.dirtySince != ModelRow.CLEAN)
                .sorted(ModelRow.BY_AGE)
                .limit(entries)
                .toList();
    }
}
