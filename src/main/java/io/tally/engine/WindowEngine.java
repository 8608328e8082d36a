package io.tally.engine;

import io.tally.aggregate.AggregateFailedException;
import io.tally.aggregate.Event;
import io.tally.engine.partial.Partial;
import io.tally.engine.row.RowTable;
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
 * <p><b>Steps.</b> A transaction may lack room for all rows that are to leave ({@link WindowOutput#hasRoom}). Then the
 * watermark stops short of its {@link #target}, right before the end of the first window of which rows are still to
 * leave. Some rows of that window may have left ({@link #rowsLeft}). Or all rows have left, but not all tombstones
 * ({@link #expired}). In later transactions {@link #catchUp} brings the watermark to its target. Until then nothing may
 * be folded. So what is late depends on the target, and not on how much room there was.
 *
 * <p><b>Recovery</b> follows write-ahead logging (ARIES: recovery LSN, dirty-page table) with the source topic as the
 * log. Each row knows the offset of its first update that the state topic lacks. The smallest of these offsets,
 * {@link #recoveryOffset}, is where a replay must begin. Each row in the state topic says up to which offset it is
 * complete, so a replay never counts twice.
 *
 * <p>Each user has a view of its own: observers the {@link EngineProgress}, the writer of checkpoints the
 * {@link EngineCheckpoint}, the sender of rows before their windows close the {@link EarlyRows}, and a restore the
 * {@link EngineRestore}.
 */
public sealed interface WindowEngine extends EngineProgress, EngineCheckpoint permits SlicedEngine, SessionEngine {
    /** The watermark before the first record. */
    long NO_WATERMARK = Long.MIN_VALUE;
    /** {@link #recoveryOffset} when nothing needs replay. */
    long NOTHING_DIRTY = RowTable.CLEAN;
    /** {@link EarlyRows#send} when no row left. */
    long NOTHING_SENT = Long.MIN_VALUE;

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

    /** The rows of open windows that leave early; {@link EarlyRows#NONE} where none do. */
    EarlyRows earlyRows();

    /**
     * Begins a restore. The engine must be fresh, and is of no use until the restore is complete.
     *
     * @param recoveryOffset what {@link #recoveryOffset} was
     * @param recoveryWatermark what {@link #recoveryWatermark} was
     */
    EngineRestore restore(long recoveryOffset, long recoveryWatermark);
}
