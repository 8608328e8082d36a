package io.tally.engine;

import io.tally.aggregate.AggregateFailedException;
import io.tally.aggregate.Event;
import io.tally.aggregate.StateInput;
import io.tally.engine.partial.Partial;
import io.tally.engine.row.FormerEntryException;
import io.tally.engine.row.StateEntry;

/**
 * Rebuilds an engine as it was committed: {@link #entry} for each entry of the state topic, {@link #replay} for each
 * record from the recovery offset, {@link #complete}. Nothing leaves meanwhile.
 *
 * <p>A window that is open under the committed watermark was open at each earlier moment, so this rebuilds exactly the
 * state that was committed. Where that is not enough, see {@link EngineCheckpoint#writesCuts}.
 */
public interface EngineRestore {
    /**
     * Tells what had expired; to be called before the first entry.
     *
     * @throws IllegalStateException if this engine has no expired entries
     */
    void expired(Expired expired);

    /**
     * Puts one entry back.
     *
     * @param ordinal its place among its slice's rows; the caller bounds it, since memory is taken up to it
     * @param accumulators positioned at the entry's accumulators, which are read to the end
     * @return the entry's {@link StateEntry#revision}
     * @throws FormerEntryException if the entry is of a version before this one and lacks what is needed
     * @throws IllegalStateException if the entry is damaged, of a window that has closed under the restored watermark
     *     and is not among what had expired, not aligned to this engine's windows, or a second one for its place or key
     */
    long entry(
            long sliceStart,
            int ordinal,
            byte[] key,
            int keyStart,
            int keyLength,
            long appliedUpTo,
            StateInput accumulators);

    /**
     * Folds a record again unless it is late, its window has closed or its entry already contains it.
     *
     * @throws AggregateFailedException if a function refuses it, as it did the first time; nothing has changed then
     */
    void replay(Event event, long offset);

    /**
     * Folds a partial again unless it is late, its window has closed or its entry already contains it.
     *
     * @throws IllegalStateException if the accumulators are damaged
     */
    void replayPartial(Partial partial, long offset);

    /**
     * Counts again the rows that left early by {@link EarlyRows#send}. To be called at the same place among the
     * records.
     *
     * @param changedBefore what {@link EarlyRows#send} returned
     * @throws IllegalStateException if rows have no revision
     */
    void replayEarlyRows(long changedBefore);

    /** Moves the watermark as an event time did, where a replay must; elsewhere it is there already. */
    default void advance(long time) {}

    /** Moves the watermark up to one that a source brought, where a replay must. */
    default void advanceWatermark(long watermark) {}

    /** Moves the watermark to the end of all that is open, where a replay must. */
    default void closeAll() {}

    /**
     * Ends the restore: from now on the engine is to be used.
     *
     * @param rowsLeft what {@link EngineProgress#rowsLeft} was
     * @throws IllegalStateException if entries are missing: a window's rows are not numbered without a gap, fewer than
     *     have left, or what had expired is not there
     */
    void complete(int rowsLeft);
}
