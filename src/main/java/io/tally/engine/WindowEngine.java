package io.tally.engine;

import io.tally.aggregate.AggregateFailedException;
import io.tally.aggregate.Event;
import io.tally.aggregate.StateInput;
import io.tally.engine.partial.Partial;
import io.tally.engine.row.FormerEntryException;
import io.tally.engine.row.RowTable;
import io.tally.engine.row.StateEntry;
import io.tally.heap.EntryLimitExceededException;

/**
 * Event-time windows over one partition: the pure core. Records go in by offset; rows of windows, and the entries that
 * a checkpoint should write, come out. It reads no clock, does no I/O and belongs to one thread.
 *
 * <p><b>Event time.</b> The watermark is the highest event time seen minus the grace. It moves record by record, so
 * what is late depends on the records before it and on nothing else: not on where polls are cut, not on the wall clock.
 * A record is late iff every window that it belongs to has closed. Only {@link #closeAll} moves it otherwise, for
 * sources that fall silent, and {@link #advanceWatermark}, for sources that bring a watermark of their own.
 *
 * <p><b>Steps.</b> Where more rows are to leave than a transaction has room for ({@link WindowOutput#hasRoom}) the
 * watermark stops right before the end of the first window that has not left whole, short of its {@link #target}; of
 * that one some rows may have left, {@link #rowsLeft}. Until {@link #catchUp} has brought it there, in later
 * transactions, nothing may be folded: so the target counts for what comes, and what is late does not depend on how
 * much room there was.
 *
 * <p><b>Recovery</b> follows write-ahead logging (ARIES: recovery LSN, dirty-page table) with the source topic as the
 * log. Each row knows the offset of its first update that the state topic lacks, so the smallest of them over all rows,
 * {@link #recoveryOffset}, is where a replay must begin; each row in the state topic says up to which offset it is
 * complete, so a replay never counts twice.
 *
 * <p>To restore: {@link #beginRestore}, {@link #restoreEntry} for each entry, {@link #replay} for each record from the
 * recovery offset, {@link #completeRestore}. A window that is open under the committed watermark was open at each
 * earlier moment, so this rebuilds exactly the state that was committed. Where that is not enough, see
 * {@link #writesCuts}.
 */
public sealed interface WindowEngine permits SliceEngine, RevisionEngine, SessionEngine {
    /** The watermark before the first record. */
    long NO_WATERMARK = Long.MIN_VALUE;
    /** {@link #recoveryOffset} when nothing needs replay. */
    long NOTHING_DIRTY = RowTable.CLEAN;
    /** {@link #sendUpdates} when no row left. */
    long NOTHING_SENT = Long.MIN_VALUE;

    long watermark();

    /** Where the watermark is on its way to; no higher than {@link #watermark} if it is not behind. */
    long target();

    /** Whether rows must leave before anything more is folded. */
    default boolean isBehind() {
        return target() > watermark();
    }

    /**
     * While it is behind: number of windows, sessions or totals that will have closed at the target; of slices of which
     * nothing will be left, where windows are put together from slices.
     */
    int windowsToClose();

    /** Number of rows that have left of the window that closes next, in the order in which they leave. */
    int rowsLeft();

    /** Number of (window, key) entries that are kept. */
    long openEntries();

    /** Number of windows that are to close; of slices where windows are put together from slices. */
    int openWindows();

    /** Start of the oldest open window; only if {@link #openWindows} is not 0. */
    long oldestOpenWindow();

    /**
     * Takes note of an event time and closes the windows whose end the watermark reached.
     *
     * @return false if not all rows found room
     */
    boolean advance(long time, WindowOutput output);

    /** Sets the {@link #target}, unless that would move it back; {@link #catchUp} goes there. */
    void aim(long watermark);

    /** Sets the {@link #target} to the end of all that is open. */
    void aimAtAll();

    /**
     * Moves the watermark on to its target, and closes the windows whose end it reaches.
     *
     * @return false if not all rows found room
     */
    boolean catchUp(WindowOutput output);

    /** Moves the watermark itself, unless that would move it back, and closes the windows whose end it reached. */
    default boolean advanceWatermark(long watermark, WindowOutput output) {
        aim(watermark);
        return catchUp(output);
    }

    /**
     * Closes all that is open, as if an event time had come that ends it. What belongs to it and comes later is late.
     */
    default boolean closeAll(WindowOutput output) {
        aimAtAll();
        return catchUp(output);
    }

    /** Start of the (last) window that an event of this time belongs to. */
    long windowStart(long time);

    /** Exclusive end of the (last) window that an event of this time belongs to. */
    long windowEnd(long time);

    /**
     * Folds an event unless it is late.
     *
     * @param output receives the rows that the event changes at once, though their windows have closed
     * @return false if the event is late, and so not folded
     * @throws EntryLimitExceededException if a new entry would exceed the limit; no entry has changed then
     * @throws AggregateFailedException if a function refuses the event in one of its windows; no entry of that window
     *     has changed then, and none is new
     */
    boolean fold(Event event, long offset, WindowOutput output);

    /**
     * Folds what others have folded already, unless it is late.
     *
     * @return false if it is late, and so not folded
     * @throws EntryLimitExceededException if a new entry would exceed the limit; no entry has changed then
     * @throws IllegalStateException if the accumulators are damaged; no entry has changed then
     */
    boolean foldPartial(Partial partial, long offset, WindowOutput output);

    /** With updates: offset of the oldest change that no row has shown, {@link #NOTHING_DIRTY} if none. */
    long oldestUnsent();

    /**
     * With updates: sends the rows of open windows whose oldest change that none has shown lies before an offset,
     * oldest first. That they left at this moment is known to nobody else: as long as a recovery would replay, it must
     * be told by {@link #replayUpdates}.
     *
     * @param limit the most rows to send, but that a record's rows leave together; not for sessions
     * @return the offset before which all changes have been shown, {@link #NOTHING_SENT} if no row left
     */
    long sendUpdates(long changedBefore, int limit, WindowOutput rows);

    /**
     * The smallest offset that a replay must begin with: {@link #NOTHING_DIRTY} if the state topic has everything, or
     * that of the last cut, which is never later than what was folded.
     */
    long recoveryOffset();

    /**
     * Whether what a record does depends on the watermark of its moment, as with sessions. Then the state topic holds a
     * consistent cut: a checkpoint writes all that changed or nothing, a restore begins with the watermark of the last
     * cut, and a replay moves it as the records did, by {@link #advance} and its like with {@link WindowOutput#NONE}.
     */
    boolean writesCuts();

    /** The watermark that a restore must begin with: that of the last cut, or else the current one. */
    long recoveryWatermark();

    /**
     * Writes the entries whose oldest unwritten update lies before an offset, oldest first.
     *
     * @param dirtyBefore only entries with older updates are written
     * @param appliedUpTo the next offset to be folded: every record before it is in the entries
     * @param limit the most entries to write, apart from those that cannot wait: of windows that have closed and are
     *     kept. If {@link #writesCuts}, all is written whatever its age once this many have changed
     * @param rows receives the tombstones of sessions, and the rows that leave because their entries are written: with
     *     updates an entry has no change that no row has shown, but for sessions, whose entries tell
     * @return how many were written
     */
    int checkpoint(long dirtyBefore, long appliedUpTo, int limit, WindowOutput rows, CheckpointOutput entries);

    /** Begins a restore into a fresh engine, with what {@link #recoveryOffset} and {@link #recoveryWatermark} were. */
    void beginRestore(long recoveryOffset, long recoveryWatermark);

    /**
     * Puts one entry back.
     *
     * @param ordinal its place among its slice's rows; the caller bounds it, since memory is taken up to it
     * @param accumulators positioned at the entry's accumulators, which are read to the end
     * @return the entry's {@link StateEntry#revision}
     * @throws FormerEntryException if the entry is of a version before this one and lacks what is needed
     * @throws IllegalStateException if the entry is damaged, of a window that has closed under the restored watermark,
     *     not aligned to this engine's windows, or a second one for its place or key
     */
    long restoreEntry(
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
     * Counts the rows once more that left by {@link #sendUpdates}, which replay must be called with at the same place
     * among the records.
     *
     * @param changedBefore what {@link #sendUpdates} returned
     * @throws IllegalStateException if rows have no revision
     */
    void replayUpdates(long changedBefore);

    /**
     * Ends a restore.
     *
     * @param rowsLeft what {@link #rowsLeft} was
     * @throws IllegalStateException if entries are missing: a window's rows are not numbered without a gap, or fewer
     *     than have left
     */
    void completeRestore(int rowsLeft);
}
