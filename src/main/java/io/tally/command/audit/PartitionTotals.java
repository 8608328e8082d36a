package io.tally.command.audit;

import io.tally.checkpoint.Ledger;

/** What the records of a partition were in the second reading. */
final class PartitionTotals {
    long records;
    long late;
    /** Without those that a function refused. */
    long unreadable;

    long filtered;
    long further;
    /** Decided by the clock at the first reading, which is not known any more. */
    long byClock;
    /** Of the keys of a bucket. */
    long folded;

    long refused;
    long missing;

    /** Adds another bucket. What does not depend on keys was counted with the first. */
    void add(PartitionTotals bucket, boolean isFirst) {
        folded += bucket.folded;
        refused += bucket.refused;
        missing += bucket.missing;
        if (isFirst) {
            records = bucket.records;
            late = bucket.late;
            unreadable = bucket.unreadable;
            filtered = bucket.filtered;
            further = bucket.further;
            byClock = bucket.byClock;
        }
    }

    Ledger ledger() {
        return new Ledger(folded, late, unreadable + refused, filtered, missing, further);
    }
}
