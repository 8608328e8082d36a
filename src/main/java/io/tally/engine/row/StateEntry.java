package io.tally.engine.row;

import io.tally.aggregate.StateOutput;

/**
 * A view of one row on its way to or from the state topic: which slice and key it belongs to, its place among the
 * slice's rows, and its accumulators. Reused for every entry: valid during the call that receives it.
 */
public interface StateEntry {
    /** Start of the slice in milliseconds since the epoch; together with the key it names the entry. */
    long sliceStart();

    /** Order of the key's first appearance in its slice, from 0. */
    int ordinal();

    /** The state topic's newest version of this entry covers the source up to this offset, exclusive. */
    long appliedUpTo();

    /** Whether the state topic has an older version of this entry. */
    default boolean isWritten() {
        return appliedUpTo() != RowTable.NEVER;
    }

    /** How many rows of this entry have left; 0 if they are not counted. */
    long revision();

    /** The {@link #revision} that the state topic's newest version has. */
    long storedRevision();

    void writeKey(StateOutput out);

    void writeAccumulators(StateOutput out);
}
