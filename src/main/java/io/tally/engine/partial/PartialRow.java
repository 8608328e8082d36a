package io.tally.engine.partial;

import io.tally.aggregate.StateOutput;

/**
 * A view of one row on its way to another engine, which takes it as a {@link Partial}. Reused for every row, so valid
 * only during the call that receives it.
 */
public interface PartialRow {
    /** See {@link Partial#minTime}. */
    long minTime();

    /** See {@link Partial#maxTime}. */
    long maxTime();

    byte[] keyBuffer();

    int keyStart();

    int keyLength();

    void writeAccumulators(StateOutput out);
}
