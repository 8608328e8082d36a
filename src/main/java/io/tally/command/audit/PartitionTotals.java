package io.tally.command.audit;

import io.tally.checkpoint.Ledger;

/** What the records of a partition were in the second reading. */
final class PartitionTotals {
    long records;
    /** Events that are late by the watermark alone. */
    long late;
    /** Late events of the keys of a bucket, where the other events of the key decide. */
    long lateByKey;
    /** Dead letters that can be read by now, and that redrive has counted. */
    long redrivenDeadLetters;

    /** Those of {@link #late} and {@link #lateByKey} that came after a silent source had closed windows. */
    long lateByIdleness;
    /** Events that cannot be read, without those that a function refused. */
    long unreadable;

    long filtered;
    long further;
    /** Decided by the clock at the first reading, which is not known any more. */
    long byClock;
    /** Counted events of the keys of a bucket. */
    long folded;

    long refused;
    long missing;

    /** Adds another bucket. What does not depend on keys was counted with the first. */
    void add(PartitionTotals bucket, boolean isFirst) {
        folded += bucket.folded;
        refused += bucket.refused;
        missing += bucket.missing;
        lateByKey += bucket.lateByKey;
        lateByIdleness = Math.max(lateByIdleness, bucket.lateByIdleness);
        if (isFirst) {
            records = bucket.records;
            late = bucket.late;
            redrivenDeadLetters = bucket.redrivenDeadLetters;
            unreadable = bucket.unreadable;
            filtered = bucket.filtered;
            further = bucket.further;
            byClock = bucket.byClock;
        }
    }

    Ledger ledger() {
        return new Ledger(folded, late + lateByKey, unreadable + refused, filtered, missing, further);
    }
}
