package io.tally.simulation;

import io.tally.engine.Expired;
import io.tally.pipeline.Lateness;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a partition must do, said as plainly as possible. It takes record by record. Each row is the list of its
 * records, and results are computed from that list. It shares no code with the engine. It knows nothing of
 * transactions, crashes or recovery: it is told which records are committed, and how many rows a checkpoint wrote.
 */
abstract class NaiveModel {
    /** A row that left. */
    record Shown(
            String key, SimWindow.Span window, List<SimRecord> records, long revision, List<SimWindow.Span> replaces) {}

    long watermark = Long.MIN_VALUE;
    /** Where it goes as soon as there is room for all rows. */
    long target = Long.MIN_VALUE;
    /** Rows that have left of the window that closes next. */
    int rowsLeft;
    /** How many more rows the transaction has room for. */
    long room = Long.MAX_VALUE;

    /** What the state topic still has of windows that have expired, in the order in which it is deleted. */
    private final List<ModelRow> expired = new ArrayList<>();

    private boolean closing;
    long folded;
    long late;
    long deadLettered;
    long filtered;
    long missing;
    /** Events that are not the first of their record. */
    long further;

    long stored;
    /** What each row that left was made of, in their order, until somebody takes it. */
    final List<Shown> shown = new ArrayList<>();
    /** What the records brought about. */
    final Map<Happening, Long> happened = new EnumMap<>(Happening.class);

    /** Goes on with other windows where another model ended. */
    NaiveModel after(NaiveModel other) {
        watermark = other.watermark;
        target = other.target;
        folded = other.folded;
        late = other.late;
        deadLettered = other.deadLettered;
        filtered = other.filtered;
        missing = other.missing;
        further = other.further;
        stored = other.stored;
        happened.putAll(other.happened);
        return this;
    }

    /** Takes one committed record; gives what leaves because of it, in order. */
    List<String> step(SimRecord record, SimRules rules) {
        List<String> outputs = new ArrayList<>();
        if (!approach(record, rules, outputs)) {
            throw new AssertionError("record " + record.offset() + " was taken before all rows had left");
        }
        if (record.poison()) {
            deadLettered++;
            outputs.add("dead letter " + record.offset());
            return outputs;
        }
        if (record.tag() < rules.filterBelow()) {
            filtered++;
            return outputs;
        }
        String key = HexFormat.of().formatHex(record.key().copy());
        if (refused(record, key, rules)) {
            foldWhereTaken(record, key, rules, outputs);
            deadLettered++;
            outputs.add("dead letter " + record.offset());
        } else if (fold(record, key, rules, outputs)) {
            folded++;
            missing += record.missing();
        } else {
            late++;
            List<SimWindow.Span> windows = rules.window().windowsOf(record.time());
            SimWindow.Span last = windows.get(windows.size() - 1);
            outputs.add(
                    "late " + record.offset() + " " + new Lateness(record.time(), last.start(), last.end(), watermark));
        }
        return outputs;
    }

    /** What leaves before a record is taken; false if there is no room for all. */
    boolean approach(SimRecord record, SimRules rules, List<String> outputs) {
        return catchUp(rules, outputs) && (record.poison() || advance(record.time() - rules.grace(), rules, outputs));
    }

    private boolean refused(SimRecord record, String key, SimRules rules) {
        return rowsFor(record, key, rules).stream().anyMatch(before -> rules.refuse(before, record));
    }

    /** Counts a record that one of its windows refuses in the others. */
    void foldWhereTaken(SimRecord record, String key, SimRules rules, List<String> outputs) {}

    /** What is in the rows that a record would be added to, none if it is late. */
    abstract List<List<SimRecord>> rowsFor(SimRecord record, String key, SimRules rules);

    /** The source is idle: everything closes. */
    List<String> idle(SimRules rules) {
        List<String> outputs = new ArrayList<>();
        if (hasOpenWindows(rules)) {
            advance(lastEnd(rules), rules, outputs);
        }
        return outputs;
    }

    /** All that is open closes, and what is kept is given up, because somebody wants it. */
    List<String> closeOpen(SimRules rules) {
        List<String> outputs = new ArrayList<>();
        long end = hasOpenWindows(rules) ? Math.max(watermark, lastEnd(rules)) : watermark;
        advance(end + rules.window().lateness(), rules, outputs);
        return outputs;
    }

    /** Whether a window would be open again that has left, with some of its records, though others are forgotten. */
    boolean splitsRows(long to, SimRules rules) {
        return false;
    }

    /** Whether a window of which something is known ends after that; totals are in none. */
    boolean hasWindowAfter(long to, SimRules rules) {
        return ends(rules).anyMatch(end -> end > to && end != Long.MAX_VALUE);
    }

    /** Whether one that is kept would be open again. */
    boolean hasClosedAfter(long to, SimRules rules) {
        return ends(rules).anyMatch(end -> end > to && end <= watermark);
    }

    /** The watermark is about to be set back. */
    void reopening(long to, SimRules rules) {}

    void setBack(long to) {
        watermark = to;
        target = to;
    }

    /** Whether the rows of a window and key go on where they were, although the watermark was set back. */
    abstract boolean knows(String key, String window, SimRules rules);

    long windowsToClose(SimRules rules) {
        return ends(rules).filter(end -> end > watermark && end <= target).count();
    }

    private boolean advance(long to, SimRules rules, List<String> outputs) {
        target = Math.max(target, to);
        return catchUp(rules, outputs);
    }

    boolean isBehind() {
        return watermark < target || !expired.isEmpty();
    }

    /** Where it was going is forgotten, but for a window of which some rows have left. */
    void restored(SimRules rules) {
        target = rowsLeft == 0 ? watermark : watermark + 1;
    }

    /** Closes windows up to the target, as far as there is room; whether there is for all. */
    boolean catchUp(SimRules rules, List<String> outputs) {
        if (!deleteExpired(outputs)) {
            return false;
        }
        boolean whole = true;
        while (whole && watermark < target) {
            long end = times(rules)
                    .filter(time -> time > watermark && time <= target)
                    .min()
                    .orElse(Long.MIN_VALUE);
            if (end == Long.MIN_VALUE) {
                watermark = target;
            } else {
                closing = true;
                whole = close(end, rules, outputs);
                closing = false;
                watermark = whole ? end : end - 1;
            }
        }
        expire(rules);
        return deleteExpired(outputs) && whole;
    }

    /** Deletes what has expired while there is room; whether all is. */
    private boolean deleteExpired(List<String> outputs) {
        while (!expired.isEmpty() && room > 0) {
            ModelRow row = expired.remove(0);
            room--;
            stored--;
            outputs.add("tombstone " + row.name + " " + row.key);
        }
        return expired.isEmpty();
    }

    /** What the commit must say of what has expired. */
    @Nullable
    Expired expired() {
        Map<Long, Integer> rows = new TreeMap<>();
        expired.forEach(row -> rows.merge(row.name, row.ordinal + 1, Math::max));
        return rows.isEmpty()
                ? null
                : new Expired(rows.values().stream().mapToLong(count -> count).sum(), Collections.max(rows.keySet()));
    }

    /** Sends rows of a closing window while there is room, from the first on that has not left; whether all have. */
    static boolean sendAll(NaiveModel model, List<Runnable> rows) {
        for (int i = model.rowsLeft; i < rows.size(); i++) {
            if (model.room <= 0) {
                model.rowsLeft = i;
                return false;
            }
            rows.get(i).run();
        }
        model.rowsLeft = 0;
        return true;
    }

    /** The ends of windows that have rows. */
    abstract LongStream ends(SimRules rules);

    /** Closes the window, or all sessions, with that end; false if some rows must wait. */
    abstract boolean close(long end, SimRules rules, List<String> outputs);

    /** When something happens as the watermark moves. */
    LongStream times(SimRules rules) {
        return ends(rules);
    }

    /** Drops what the watermark has left behind. */
    abstract void expire(SimRules rules);

    /** Counts a record, or gives false if it is late. */
    abstract boolean fold(SimRecord record, String key, SimRules rules, List<String> outputs);

    abstract boolean hasOpenWindows(SimRules rules);

    /** The end of the last window. */
    abstract long lastEnd(SimRules rules);

    /** All rows, in the order of {@link io.tally.engine.EngineView}. */
    abstract List<ModelRow> rows();

    /** What a row carries beside its results, as {@link io.tally.engine.EngineView} shows it. */
    abstract String numbers(ModelRow row, SimRules rules);

    /** It begins at an offset, or goes on there with other windows. */
    void beginAt(long offset) {}

    /**
     * A batch ended: updates left, and a checkpoint wrote rows.
     *
     * @param entries how many entries it wrote
     * @param left the rows that left because of it
     * @param sentBefore updates left of all changes before this offset and of no others; negative if that is not known
     * @param cutAt the committed offset if nothing before it is to be replayed, else negative
     * @param outputs gets the rows that must have left
     * @return the rows that it must have written, in order
     */
    abstract List<ModelRow> checkpoint(
            int entries, List<String> left, long sentBefore, long cutAt, SimRules rules, List<String> outputs);

    /**
     * The rows that must have left in the order of those that did, if there is one that explains it.
     *
     * @param leaving what leaves if updates are sent of all changes before an offset
     */
    List<ModelRow> explain(
            List<String> left,
            long sentBefore,
            SimRules rules,
            LongFunction<List<ModelRow>> leaving,
            Function<ModelRow, SimWindow.Span> spans) {
        List<Long> cuts = sentBefore >= 0
                ? List.of(sentBefore)
                : Stream.concat(Stream.of(0L), rows().stream().map(row -> row.unsentSince + 1))
                        .sorted()
                        .distinct()
                        .toList();
        // What a row says takes long, and there may be thousands of cuts with thousands of rows each.
        Map<ModelRow, String> lines = new IdentityHashMap<>();
        Function<ModelRow, String> line =
                row -> lines.computeIfAbsent(row, one -> ModelRow.line(one.key, spans.apply(one), one.records, rules));
        for (long cut : cuts) {
            List<ModelRow> rows = leaving.apply(cut);
            if (rows.size() == left.size()
                    && IntStream.range(0, left.size()).allMatch(i -> left.get(i).startsWith(line.apply(rows.get(i))))) {
                return rows;
            }
        }
        return leaving.apply(cuts.get(0));
    }

    /** How many rows a checkpoint must write that the limit does not hold for. */
    abstract int urgent();

    /** Offset of the oldest record that a row should have shown long ago, if rows leave more than once. */
    long unsentSince() {
        return rows().stream().mapToLong(row -> row.unsentSince).min().orElse(ModelRow.CLEAN);
    }

    /** Takes note that a checkpoint wrote a row. */
    void written(ModelRow row, long appliedUpTo) {
        if (row.appliedUpTo == ModelRow.NEVER) {
            stored++;
        }
        row.appliedUpTo = appliedUpTo;
        row.storedRevision = row.revision;
        row.unsentSince = storedUnsentSince(row);
        row.dirtySince = ModelRow.CLEAN;
    }

    /** What the state topic says of changes that no row has shown. */
    long storedUnsentSince(ModelRow row) {
        return ModelRow.CLEAN;
    }

    long recoveryOffset(long committed) {
        return Math.min(
                committed,
                rows().stream().mapToLong(row -> row.dirtySince).min().orElse(ModelRow.CLEAN));
    }

    /** The watermark that a replay begins with, if it is not that of the committed offset. */
    @Nullable
    Long cutWatermark(long committed) {
        return null;
    }

    /** What the state topic has, under the names that it has there. */
    List<ModelRow> storedRows() {
        return Stream.concat(rows().stream().filter(row -> row.appliedUpTo != ModelRow.NEVER), expired.stream())
                .toList();
    }

    void happened(Happening what) {
        happened.merge(what, 1L, Long::sum);
    }

    /** The rows of a slice, or of a window, are of no more use. The last goes first. */
    void forget(Collection<ModelRow> rows) {
        List<ModelRow> gone = new ArrayList<>(rows);
        Collections.reverse(gone);
        gone.removeIf(row -> row.appliedUpTo == ModelRow.NEVER);
        expired.addAll(gone);
        if (gone.size() > room) {
            happened(Happening.TOMBSTONES_LEFT);
        }
    }

    /** A row that leaves in its next revision. */
    void send(ModelRow row, SimWindow.Span window, SimRules rules, List<String> outputs) {
        row.revision++;
        room--;
        boolean closed = closing || window.end() <= watermark;
        if (rules.window().updates() && closed && row.unsentSince == ModelRow.CLEAN && row.revision > 1) {
            happened(Happening.FINAL_WITHOUT_CHANGE);
        }
        row.unsentSince = ModelRow.CLEAN;
        happened(closed ? Happening.FINAL_REVISION : Happening.UPDATE);
        List<SimWindow.Span> replaced = replaced(row, window, rules);
        shown.add(new Shown(row.key, window, List.copyOf(row.records), row.revision, replaced));
        outputs.add(ModelRow.line(row.key, window, row.records, rules)
                + SimCodec.revision(row.revision, closed)
                + SimCodec.replaces(SimCodec.windows(replaced)));
    }

    /** The only row of its window. */
    void sendOnce(String key, SimWindow.Span window, List<SimRecord> records, SimRules rules, List<String> outputs) {
        room--;
        shown.add(new Shown(key, window, List.copyOf(records), 0, List.of()));
        outputs.add(ModelRow.line(key, window, records, rules));
    }

    /** The other windows in which a reader has seen what is in a row that leaves. */
    List<SimWindow.Span> replaced(ModelRow row, SimWindow.Span window, SimRules rules) {
        return List.of();
    }
}
