package io.tally.engine;

import io.tally.engine.row.StateEntry;

/** Receives the entries that a checkpoint writes to the state topic. */
public interface CheckpointOutput {
    /**
     * Writes one entry. {@link StateEntry#appliedUpTo()} of the view is still that of the version being replaced.
     *
     * @param appliedUpTo the source offset, exclusive, up to which the entry's new version is complete
     */
    void write(StateEntry entry, long appliedUpTo);
}
