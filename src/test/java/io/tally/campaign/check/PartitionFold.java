package io.tally.campaign.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One partition of the source, record by record: what is late or a dead letter, and which records each window has. A
 * window's cells are in the order in which they leave.
 */
final class PartitionFold {
    /** Classes of records. */
    static final int FOLDED = 0;

    static final int LATE = 1;
    static final int DEAD = 2;
    /** Behind the classes in {@link #before}. */
    private static final int WATERMARK = 3;

    private final Rules rules;
    /** In the order in which they close; keys in the order of their first records. */
    private final TreeMap<Rules.Window, Map<String, Cell>> open = new TreeMap<>(Rules.Window.IN_ORDER);
    /** Have closed, but not for long enough. */
    private final TreeMap<Rules.Window, Map<String, Cell>> kept = new TreeMap<>(Rules.Window.IN_ORDER);

    private final Sessions sessions;
    private final Map<Row.Id, Cell> closed = new LinkedHashMap<>();
    private final List<Line> folded = new ArrayList<>();
    private final List<Long> late = new ArrayList<>();
    private final List<Long> dead = new ArrayList<>();
    /** Ledgers and watermarks after each offset. */
    private final TreeMap<Long, long[]> history = new TreeMap<>();

    private final long[] ledger = new long[3];
    private long watermark = Long.MIN_VALUE;
    private long outOfOrder;

    PartitionFold(Rules rules) {
        this.rules = rules;
        sessions = new Sessions(rules.size());
    }

    void add(Message message) {
        Line line = Line.of(message, rules);
        int kind = line == null ? DEAD : fold(line);
        switch (kind) {
            case LATE -> late.add(message.offset());
            case DEAD -> dead.add(message.offset());
            default -> folded.add(line);
        }
        ledger[kind]++;
        long[] entry = Arrays.copyOf(ledger, 4);
        entry[WATERMARK] = watermark;
        history.put(message.offset(), entry);
    }

    private int fold(Line line) {
        watermark = Math.max(watermark, line.time() - rules.grace());
        boolean behind = line.time() < watermark;
        boolean counted = rules.kind() == Rules.Kind.SESSION ? sessions.add(line, watermark, closed) : toWindows(line);
        if (behind && (counted || rules.kind() == Rules.Kind.SESSION)) {
            outOfOrder++;
        }
        return counted ? FOLDED : LATE;
    }

    private boolean toWindows(Line line) {
        close();
        boolean counted = false;
        for (Rules.Window window : rules.windowsOf(line.time())) {
            if (window.end() > watermark) {
                open.computeIfAbsent(window, any -> new LinkedHashMap<>())
                        .computeIfAbsent(line.key(), key -> new Cell())
                        .add(line.value());
                counted = true;
            } else if (window.end() + rules.lateness() > watermark) {
                correct(window, line);
                counted = true;
            }
        }
        return counted;
    }

    private void close() {
        while (!open.isEmpty() && open.firstKey().end() <= watermark) {
            Map.Entry<Rules.Window, Map<String, Cell>> window = open.pollFirstEntry();
            window.getValue().forEach((key, cell) -> {
                closed.put(id(window.getKey(), key), cell);
                cell.close();
            });
            kept.put(window.getKey(), window.getValue());
        }
        while (!kept.isEmpty() && kept.firstKey().end() + rules.lateness() <= watermark) {
            kept.pollFirstEntry();
        }
    }

    /** The row of a window that has closed leaves again, or for the first time. */
    private void correct(Rules.Window window, Line line) {
        Map<String, Cell> cells = kept.computeIfAbsent(window, any -> new LinkedHashMap<>());
        Cell known = cells.get(line.key());
        if (known != null) {
            known.add(line.value());
            return;
        }
        Cell cell = new Cell();
        cell.add(line.value());
        cell.close();
        cells.put(line.key(), cell);
        closed.put(id(window, line.key()), cell);
    }

    private static Row.Id id(Rules.Window window, String key) {
        return new Row.Id(window.start(), window.end(), key);
    }

    /** Windows that have closed, in the order in which they did. */
    Map<Row.Id, Cell> closed() {
        return closed;
    }

    /** Windows that have not. */
    Map<Row.Id, Cell> open() {
        Map<Row.Id, Cell> windows = new LinkedHashMap<>(sessions.open());
        open.forEach((window, cells) -> cells.forEach((key, cell) -> windows.put(id(window, key), cell)));
        return windows;
    }

    /** What is counted. */
    List<Line> folded() {
        return folded;
    }

    /** Offsets. */
    List<Long> late() {
        return late;
    }

    /** Offsets. */
    List<Long> dead() {
        return dead;
    }

    long watermark() {
        return watermark;
    }

    /**
     * How many records are out of order by more than the grace, and yet in some window or session. Behind a shuffle
     * nothing is said of them.
     */
    long outOfOrder() {
        return outOfOrder;
    }

    /** The watermark with the record at this offset, or the next one. */
    long watermarkBehind(long offset) {
        Map.Entry<Long, long[]> entry = history.ceilingEntry(offset);
        return entry == null ? watermark : entry.getValue()[WATERMARK];
    }

    long watermarkBefore(long offset) {
        return before(offset)[WATERMARK];
    }

    /** How many of each class lie before this offset, then the watermark there. */
    long[] before(long offset) {
        Map.Entry<Long, long[]> entry = history.lowerEntry(offset);
        return entry == null ? new long[] {0, 0, 0, Long.MIN_VALUE} : entry.getValue();
    }
}
