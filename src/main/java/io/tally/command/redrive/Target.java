package io.tally.command.redrive;

import io.tally.aggregate.Event;
import io.tally.command.recount.RowFold;
import io.tally.engine.WindowResult;
import java.util.ArrayList;
import java.util.List;

/**
 * A row that is corrected: as it stands, and as it leaves in each of the transactions with records of it. All records
 * are folded in the order of the source, as if none had been late.
 */
final class Target {
    /** The source partition that its records are in. */
    final int partition;

    final long start;
    final long end;
    final byte[] key;

    private final RowFold.Maker rows;
    /** The transactions in which it leaves, in their order. */
    private final List<Integer> batches = new ArrayList<>();
    /** The row as it stands, then as it leaves in each of these transactions. */
    private final List<RowFold> versions = new ArrayList<>();
    /** How many events the row is made of as it stands. */
    long counted;
    /** Another source partition that has records of it; -1 if none has. */
    int elsewhere = -1;
    /** The number of the row that stands; 0 if there is none. */
    long revision;

    Target(int partition, long start, long end, byte[] key, RowFold.Maker rows) {
        this.partition = partition;
        this.start = start;
        this.end = end;
        this.key = key;
        this.rows = rows;
        versions.add(rows.row());
    }

    /** Notes that it leaves in a transaction, later than all that are noted, or again the last. */
    void leavesIn(int batch) {
        if (batches.isEmpty() || batches.get(batches.size() - 1) != batch) {
            batches.add(batch);
            versions.add(rows.row());
        }
    }

    /** Nothing is counted yet. */
    void clear() {
        versions.replaceAll(version -> rows.row());
        counted = 0;
        elsewhere = -1;
        revision = 0;
    }

    /**
     * Counts an event of the row as it stands, and so as it leaves.
     *
     * @throws io.tally.aggregate.AggregateFailedException if a function refuses it
     */
    void add(Event event) {
        counted++;
        versions.forEach(version -> add(version, event));
    }

    /**
     * Counts an event from a transaction on.
     *
     * @throws io.tally.aggregate.AggregateFailedException if a function refuses it
     */
    void addFrom(int batch, Event event) {
        for (int i = 0; i < batches.size(); i++) {
            if (batches.get(i) >= batch) {
                add(versions.get(i + 1), event);
            }
        }
    }

    private static void add(RowFold version, Event event) {
        version.prepare(event);
        version.add(event);
    }

    /** The row as it stands, with this number. */
    WindowResult standing(long number) {
        return result(0, number);
    }

    /** The row as it leaves in a transaction. */
    WindowResult leaving(int batch, boolean hasRevisions) {
        int index = batches.indexOf(batch);
        return result(index + 1, hasRevisions ? number(batch) : 0);
    }

    /** Which row of its window and key leaves in a transaction. */
    long number(int batch) {
        return revision + batches.indexOf(batch) + 1;
    }

    private WindowResult result(int version, long number) {
        return new WindowResult(start, end, key, versions.get(version).results(), number, true);
    }
}
