package io.tally.pipeline.partition;

import io.tally.checkpoint.Ledger;

/** The running totals of a partition; a {@link Ledger} that counts. */
final class RunningLedger {
    long folded;
    long late;
    long deadLettered;
    long filtered;
    long missing;
    /** Events that are not the first of their record. */
    long further;

    void restore(Ledger ledger) {
        folded = ledger.folded();
        late = ledger.late();
        deadLettered = ledger.deadLettered();
        filtered = ledger.filtered();
        missing = ledger.missing();
        further = ledger.further();
    }

    Ledger ledger() {
        return new Ledger(folded, late, deadLettered, filtered, missing, further);
    }
}
