package io.tally.simulation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;

/** Windows whose rows may leave several times; the state topic has the rows of windows. */
final class RevisionModel extends NaiveModel {
    private static final class Window {
        final SimWindow.Span span;
        final Map<String, ModelRow> rows = new LinkedHashMap<>();
        /** What left for good since the last checkpoint. */
        final List<ModelRow> left = new ArrayList<>();

        Window(SimWindow.Span span) {
            this.span = span;
        }
    }

    private final TreeMap<Long, Window> windows = new TreeMap<>();

    @Override
    LongStream ends(SimRules rules) {
        return windows.keySet().stream().mapToLong(end -> end);
    }

    @Override
    boolean close(long end, SimRules rules, List<String> outputs) {
        Window window = windows.get(end);
        List<Runnable> rows = new ArrayList<>();
        for (ModelRow row : window.rows.values()) {
            rows.add(() -> {
                send(row, window.span, rules, outputs);
                row.dirtySince = ModelRow.CLEAN;
                window.left.add(row);
            });
        }
        return sendAll(this, rows);
    }

    @Override
    boolean knows(String key, String window, SimRules rules) {
        return windows.values().stream()
                .anyMatch(known -> SimCodec.windows(List.of(known.span)).equals(window) && known.rows.containsKey(key));
    }

    @Override
    void expire(SimRules rules) {
        List<Window> expired = windows.values().stream()
                .filter(window -> isExpired(window.span, rules))
                .toList();
        for (Window window : expired) {
            windows.remove(window.span.end());
            forget(window.rows.values());
        }
        if (!expired.isEmpty() && rules.window().lateness() > 0) {
            happened(Happening.KEPT_WINDOW_EXPIRED);
        }
    }

    private boolean isExpired(SimWindow.Span window, SimRules rules) {
        return window.end() != Long.MAX_VALUE && window.end() + rules.window().lateness() <= watermark;
    }

    private boolean isClosed(Window window) {
        return window.span.end() <= watermark;
    }

    @Override
    List<List<SimRecord>> rowsFor(SimRecord record, String key, SimRules rules) {
        List<List<SimRecord>> found = new ArrayList<>();
        for (SimWindow.Span span : rules.window().windowsOf(record.time())) {
            if (!isExpired(span, rules)) {
                found.add(records(span, key));
            }
        }
        return found;
    }

    private List<SimRecord> records(SimWindow.Span span, String key) {
        Window window = windows.get(span.end());
        ModelRow row = window == null ? null : window.rows.get(key);
        return row == null ? List.of() : row.records;
    }

    @Override
    void foldWhereTaken(SimRecord record, String key, SimRules rules, List<String> outputs) {
        fold(record, key, rules, outputs);
    }

    @Override
    boolean fold(SimRecord record, String key, SimRules rules, List<String> outputs) {
        List<SimWindow.Span> spans = new ArrayList<>(rules.window().windowsOf(record.time()));
        int all = spans.size();
        spans.removeIf(span -> isExpired(span, rules));
        if (spans.isEmpty()) {
            return false;
        }
        if (spans.size() < all) {
            happened(Happening.PARTLY_LATE);
        }
        spans.removeIf(span -> rules.refuse(records(span, key), record));
        for (SimWindow.Span span : spans) {
            Window window = windows.computeIfAbsent(span.end(), any -> new Window(span));
            long name = rules.window().name(span);
            ModelRow row = window.rows.computeIfAbsent(key, any -> new ModelRow(name, key, window.rows.size()));
            row.add(record);
            row.unsent(record);
            if (isClosed(window)) {
                happened(Happening.CORRECTION);
                send(row, span, rules, outputs);
            }
        }
        return true;
    }

    @Override
    boolean hasOpenWindows(SimRules rules) {
        return rules.window().kind() != SimWindow.Kind.TOTAL
                && windows.values().stream().anyMatch(w -> !isClosed(w));
    }

    @Override
    long lastEnd(SimRules rules) {
        return windows.lastKey();
    }

    @Override
    List<ModelRow> rows() {
        List<ModelRow> rows = new ArrayList<>();
        windows.values().forEach(window -> rows.addAll(window.rows.values()));
        return rows;
    }

    @Override
    String numbers(ModelRow row, SimRules rules) {
        boolean unsent = rules.window().updates() && row.unsentSince != ModelRow.CLEAN;
        return "revision " + row.revision + " unsent " + (unsent ? row.unsentSince : "nothing");
    }

    @Override
    int urgent() {
        return urgentRows().size();
    }

    private List<ModelRow> urgentRows() {
        List<ModelRow> rows = new ArrayList<>();
        for (Window window : windows.values()) {
            rows.addAll(window.left);
            if (isClosed(window)) {
                rows.addAll(dirty(window));
            }
        }
        return rows;
    }

    private static List<ModelRow> dirty(Window window) {
        return window.rows.values().stream()
                .filter(row -> row.dirtySince != ModelRow.CLEAN && !window.left.contains(row))
                .sorted(ModelRow.BY_AGE)
                .toList();
    }

    @Override
    List<ModelRow> checkpoint(
            int entries, List<String> left, long sentBefore, long cutAt, SimRules rules, List<String> outputs) {
        List<ModelRow> written = urgentRows();
        Map<ModelRow, Window> open = new LinkedHashMap<>();
        Map<ModelRow, Window> all = new LinkedHashMap<>();
        for (Window window : windows.values()) {
            window.rows.values().forEach(row -> all.put(row, window));
            window.left.clear();
            if (!isClosed(window)) {
                dirty(window).forEach(row -> open.put(row, window));
            }
        }
        List<ModelRow> waiting = open.keySet().stream()
                .sorted(ModelRow.BY_AGE)
                .limit(Math.max(0, entries - written.size()))
                .toList();
        if (rules.window().updates()) {
            explain(left, sentBefore, rules, before -> leaving(before, waiting), row -> all.get(row).span)
                    .forEach(row -> send(row, all.get(row).span, rules, outputs));
        }
        written.addAll(waiting);
        return written;
    }

    /** Updates, then what must leave because it is written. */
    private List<ModelRow> leaving(long before, List<ModelRow> written) {
        List<ModelRow> updates = new ArrayList<>(rows().stream()
                .filter(row -> row.unsentSince < before)
                .sorted(ModelRow.BY_WAIT)
                .toList());
        written.stream()
                .filter(row -> row.unsentSince != ModelRow.CLEAN && row.unsentSince >= before)
                .forEach(updates::add);
        return updates;
    }
}
