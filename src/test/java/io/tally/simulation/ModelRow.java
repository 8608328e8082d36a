package io.tally.simulation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** What the state topic has an entry for: the records of one key in a slice, in a window or in a session. */
final class ModelRow {
    static final long NEVER = -1;
    static final long CLEAN = Long.MAX_VALUE;

    /**
     * Oldest unwritten change first; a record's windows by their ends, and in a window new rows, then the others in the
     * order of its events.
     */
    static final Comparator<ModelRow> BY_AGE = Comparator.<ModelRow>comparingLong(row -> row.dirtySince)
            .thenComparing(row -> row.name)
            .thenComparing(row -> row.appliedUpTo != NEVER)
            .thenComparingLong(row -> row.dirtyPlace);

    /** Oldest change that no row has shown first, likewise. */
    static final Comparator<ModelRow> BY_WAIT = Comparator.<ModelRow>comparingLong(row -> row.unsentSince)
            .thenComparing(row -> row.name)
            .thenComparingLong(row -> row.unsentPlace);

    private static final AtomicLong PLACES = new AtomicLong();

    final String key;
    final int ordinal;
    final List<SimRecord> records = new ArrayList<>();
    /** The times of the earliest and of the latest record. */
    long first = Long.MAX_VALUE;

    long last = Long.MIN_VALUE;
    long name;
    long appliedUpTo = NEVER;
    long dirtySince = CLEAN;
    /** Number of rows that left. */
    long revision;
    /** How many when it was last written. */
    long storedRevision;
    /** Offset of the oldest record that no row has shown, nor the state topic has; only where rows count. */
    long unsentSince = CLEAN;
    /** Tell which of the events of a record came first. */
    private long dirtyPlace;

    private long unsentPlace;

    ModelRow(long name, String key, int ordinal) {
        this.name = name;
        this.key = key;
        this.ordinal = ordinal;
    }

    void add(SimRecord record) {
        take(record);
        if (dirtySince == CLEAN) {
            dirtySince = record.offset();
            dirtyPlace = PLACES.incrementAndGet();
        }
    }

    /** Takes the records of another row, which is gone then. */
    void join(ModelRow other) {
        other.records.forEach(this::take);
    }

    private void take(SimRecord record) {
        records.add(record);
        first = Math.min(first, record.time());
        last = Math.max(last, record.time());
    }

    void unsent(SimRecord record) {
        if (unsentSince == CLEAN) {
            unsentSince = record.offset();
            unsentPlace = PLACES.incrementAndGet();
        }
    }

    String results(SimRules rules) {
        return results(records, rules);
    }

    /** The row of these records as the sink has it, without what a row says of others. */
    static String line(String key, SimWindow.Span window, List<SimRecord> records, SimRules rules) {
        return "result " + key + " " + SimCodec.row(rules, window.start(), window.end(), key, results(records, rules));
    }

    static String results(List<SimRecord> records, SimRules rules) {
        return String.join(
                "|", rules.aggregates().stream().map(a -> a.over(records)).toList());
    }
}
