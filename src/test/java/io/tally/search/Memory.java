package io.tally.search;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A partition in the memory of an instance, with what it has sent in the transaction that runs.
 *
 * @param image everything in it that a later step depends on: each row with its accumulators and what checkpoints go
 *     by, the metadata that it would commit now
 * @param restoredAt the offset that it was restored at: what was changed before that is due at once
 * @param open what its windows hold, as {@link io.tally.simulation.SimFold} has it
 * @param next the offset of its next record
 * @param isDue whether it has something to commit although no records come
 * @param isDirty whether a planned handover has something to write
 * @param from where the transaction began
 * @param sent rows, late records and dead letters of the transaction
 * @param written its state records
 * @param commit what it commits; null until its batch is complete
 */
record Memory(
        int partition,
        String image,
        long restoredAt,
        String open,
        long next,
        boolean isDue,
        boolean isDirty,
        long from,
        List<String> sent,
        List<StateRecord> written,
        @Nullable Commit commit) {}
