package io.tally.simulation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Sessions of a key, and totals that end when a key falls silent; the state topic has all of them as of some offset.
 */
final class SessionModel extends NaiveModel {
    private final List<ModelRow> sessions = new ArrayList<>();
    /** What the state topic still has though it is gone, or goes by another name. */
    private final List<Doomed> doomed = new ArrayList<>();
    /** What offset the state topic is of. */
    private long cut;

    private long cutWatermark = Long.MIN_VALUE;
    /** What a reader has seen of the sessions of a key and nothing has replaced, oldest start first. */
    private final Map<String, List<Seen>> seen = new HashMap<>();
    /** How many sessions the state topic had in another form when the batch ended. */
    long changes;

    private record Doomed(ModelRow stored, ModelRow session) {}

    /** A row of a session, known by one of its records. */
    private record Seen(SimWindow.Span window, SimRecord record) {}

    private static SimWindow.Span span(ModelRow row, SimRules rules) {
        return new SimWindow.Span(row.name, row.last + rules.window().size());
    }

    private boolean isExpired(long end, SimRules rules) {
        return end + rules.window().lateness() <= watermark;
    }

    @Override
    LongStream ends(SimRules rules) {
        return sessions.stream().mapToLong(row -> span(row, rules).end());
    }

    @Override
    boolean close(long end, SimRules rules, List<String> outputs) {
        List<ModelRow> ended = sessions.stream()
                .filter(row -> span(row, rules).end() == end)
                .sorted(Comparator.comparing(row -> row.key))
                .toList();
        if (room - tombstones() <= 0) {
            if (ended.isEmpty()) {
                happened(Happening.TOMBSTONES_LEFT);
            }
            return false;
        }
        for (ModelRow row : ended) {
            emit(row, rules, outputs);
            row.dirtySince = cut;
        }
        for (ModelRow row : List.copyOf(sessions)) {
            if (span(row, rules).end() + rules.window().lateness() <= end) {
                sessions.remove(row);
                forget(row);
            }
        }
        return true;
    }

    @Override
    boolean hasWindowAfter(long to, SimRules rules) {
        return rules.window().kind() == SimWindow.Kind.SESSION && super.hasWindowAfter(to, rules);
    }

    @Override
    void reopening(long to, SimRules rules) {
        for (ModelRow row : sessions) {
            long end = span(row, rules).end();
            if (end > to && end <= watermark) {
                row.dirtySince = cut;
            }
        }
    }

    @Override
    void setBack(long to) {
        super.setBack(to);
        cutWatermark = to;
    }

    @Override
    boolean knows(String key, String window, SimRules rules) {
        return sessions.stream()
                .filter(row -> row.key.equals(key))
                .flatMap(row -> seen(row).stream())
                .anyMatch(row -> SimCodec.windows(List.of(row.window())).equals(window));
    }

    /** They end, and are kept until they expire. */
    @Override
    LongStream times(SimRules rules) {
        return LongStream.concat(
                ends(rules), ends(rules).map(end -> end + rules.window().lateness()));
    }

    /** They have when they closed, or at a time of their own. */
    @Override
    void expire(SimRules rules) {}

    private void emit(ModelRow row, SimRules rules, List<String> outputs) {
        boolean total = rules.window().kind() == SimWindow.Kind.TOTAL_WITH_TTL;
        happened(total ? Happening.TOTAL_EXPIRED : Happening.SESSION_CLOSED);
        if (rules.window().updates() || rules.window().lateness() > 0) {
            send(row, span(row, rules), rules, outputs);
        } else {
            sendOnce(row.key, span(row, rules), row.records, rules, outputs);
        }
    }

    @Override
    List<SimWindow.Span> replaced(ModelRow row, SimWindow.Span window, SimRules rules) {
        if (rules.window().kind() != SimWindow.Kind.SESSION) {
            return List.of();
        }
        List<Seen> before = seen(row);
        List<Seen> rows = seen.computeIfAbsent(row.key, any -> new ArrayList<>());
        rows.removeAll(before);
        rows.add(new Seen(window, row.records.get(0)));
        List<SimWindow.Span> others = before.stream()
                .map(Seen::window)
                .filter(other -> !other.equals(window))
                .toList();
        if (others.size() > 1) {
            happened(Happening.REPLACED_SEVERAL);
        }
        return others;
    }

    /** The rows that have something of what this one has. */
    private List<Seen> seen(ModelRow row) {
        return seen.getOrDefault(row.key, List.of()).stream()
                .filter(other -> row.records.contains(other.record))
                .sorted(Comparator.comparingLong(other -> other.window.start()))
                .toList();
    }

    private List<ModelRow> joined(SimRecord record, String key, SimRules rules) {
        long gap = rules.window().size();
        boolean total = rules.window().kind() == SimWindow.Kind.TOTAL_WITH_TTL;
        return sessions.stream()
                .filter(row -> row.key.equals(key)
                        && (total || (record.time() < row.last + gap && row.first < record.time() + gap)))
                .sorted(Comparator.comparingLong(row -> row.first))
                .toList();
    }

    @Override
    List<List<SimRecord>> rowsFor(SimRecord record, String key, SimRules rules) {
        List<SimRecord> records = new ArrayList<>();
        List<ModelRow> joined = joined(record, key, rules);
        joined.forEach(row -> records.addAll(row.records));
        boolean late =
                joined.isEmpty() && isExpired(record.time() + rules.window().size(), rules);
        return late ? List.of() : List.of(records);
    }

    @Override
    boolean fold(SimRecord record, String key, SimRules rules, List<String> outputs) {
        long gap = rules.window().size();
        boolean total = rules.window().kind() == SimWindow.Kind.TOTAL_WITH_TTL;
        List<ModelRow> joined = joined(record, key, rules);
        if (joined.isEmpty() && isExpired(record.time() + gap, rules)) {
            return false;
        }
        ModelRow row = joined.isEmpty() ? new ModelRow(total ? 0 : record.time(), key, 0) : joined.get(0);
        if (joined.isEmpty()) {
            sessions.add(row);
        } else if (span(row, rules).end() <= watermark) {
            happened(Happening.SESSION_CORRECTED);
        }
        if (joined.size() > 1) {
            ModelRow later = joined.get(1);
            happened(Happening.SESSIONS_BRIDGED);
            row.join(later);
            row.revision = Math.max(row.revision, later.revision);
            row.unsentSince = Math.min(row.unsentSince, later.unsentSince);
            sessions.remove(later);
            forget(later);
        }
        boolean closed = !joined.isEmpty() && span(row, rules).end() <= watermark;
        row.add(record);
        row.dirtySince = cut;
        if (!total && record.time() < row.name) {
            happened(Happening.SESSION_BEGINS_EARLIER);
            forget(row);
            row.name = record.time();
        }
        boolean stillClosed = span(row, rules).end() <= watermark;
        if (closed && !stillClosed) {
            happened(Happening.SESSION_REOPENED);
        }
        if (stillClosed) {
            emit(row, rules, outputs);
        } else if (rules.window().updates()) {
            row.unsentSince = Math.min(row.unsentSince, record.offset());
        }
        return true;
    }

    @Override
    boolean hasOpenWindows(SimRules rules) {
        return rules.window().kind() == SimWindow.Kind.SESSION
                && sessions.stream().anyMatch(row -> span(row, rules).end() > watermark);
    }

    @Override
    long lastEnd(SimRules rules) {
        return sessions.stream().mapToLong(row -> span(row, rules).end()).max().orElseThrow();
    }

    @Override
    List<ModelRow> rows() {
        return sessions.stream()
                .sorted(Comparator.<ModelRow>comparingLong(row -> row.name).thenComparing(row -> row.key))
                .toList();
    }

    @Override
    String numbers(ModelRow row, SimRules rules) {
        return "last " + row.last + " revision " + row.revision + " unsent "
                + (row.unsentSince == ModelRow.CLEAN ? "nothing" : row.unsentSince) + " shown "
                + SimCodec.windows(seen(row).stream().map(Seen::window).toList());
    }

    @Override
    long storedUnsentSince(ModelRow row) {
        return row.unsentSince;
    }

    @Override
    void beginAt(long offset) {
        cut = offset;
        cutWatermark = watermark;
    }

    @Override
    long recoveryOffset(long committed) {
        return cut;
    }

    @Override
    @Nullable
    Long cutWatermark(long committed) {
        return cut < committed ? cutWatermark : null;
    }

    @Override
    List<ModelRow> storedRows() {
        List<ModelRow> stored = new ArrayList<>(super.storedRows());
        doomed.forEach(entry -> stored.add(entry.stored));
        return stored;
    }

    /** Its tombstone waits for the next cut. */
    private void forget(ModelRow row) {
        if (row.appliedUpTo != ModelRow.NEVER) {
            ModelRow gone = new ModelRow(row.name, row.key, 0);
            gone.appliedUpTo = row.appliedUpTo;
            gone.storedRevision = row.storedRevision;
            doomed.add(new Doomed(gone, row));
            row.appliedUpTo = ModelRow.NEVER;
        }
    }

    /** How many sessions the state topic has in another form. */
    private long changes() {
        return sessions.stream().filter(row -> row.dirtySince != ModelRow.CLEAN).count() + tombstones();
    }

    /** How many sessions are gone that the state topic still has. */
    private long tombstones() {
        return doomed.stream()
                .filter(entry -> !sessions.contains(entry.session))
                .count();
    }

    @Override
    int urgent() {
        return Integer.MAX_VALUE;
    }

    @Override
    List<ModelRow> checkpoint(
            int entries, List<String> left, long sentBefore, long cutAt, SimRules rules, List<String> outputs) {
        for (ModelRow row : explain(left, sentBefore, rules, this::leaving, session -> span(session, rules))) {
            send(row, span(row, rules), rules, outputs);
            row.dirtySince = cut;
        }
        changes = changes();
        if (cutAt < 0) {
            if (!doomed.isEmpty()) {
                happened(Happening.TOMBSTONE_WAITED);
            }
            return List.of();
        }
        doomed.stream()
                .map(entry -> "tombstone " + entry.stored.name + " " + entry.stored.key)
                .sorted()
                .forEach(outputs::add);
        stored -= doomed.size();
        doomed.clear();
        beginAt(cutAt);
        return rows().stream().filter(row -> row.dirtySince != ModelRow.CLEAN).toList();
    }

    private List<ModelRow> leaving(long before) {
        return sessions.stream()
                .filter(row -> row.unsentSince < before)
                .sorted(Comparator.<ModelRow>comparingLong(row -> row.unsentSince)
                        .thenComparing(row -> row.key)
                        .thenComparingLong(row -> row.first))
                .toList();
    }
}
