package io.tally.engine;

import org.jspecify.annotations.Nullable;

/** An engine as the writer of checkpoints sees it: what must be saved. */
public interface EngineCheckpoint {
    /**
     * The smallest offset that a replay must begin with: {@link WindowEngine#NOTHING_DIRTY} if the state topic has
     * everything, or that of the last cut, which is never later than what was folded.
     */
    long recoveryOffset();

    /**
     * Whether what a record does depends on the watermark of its moment, as with sessions. Then the state topic holds a
     * consistent cut: a checkpoint writes all that changed or nothing, a restore begins with the watermark of the last
     * cut, and a replay moves it as the records did, by {@link EngineRestore#advance} and the two methods after it.
     */
    boolean writesCuts();

    /** The watermark that a restore must begin with: that of the last cut, or else the current one. */
    long recoveryWatermark();

    /** What has expired and is still in the state topic; null if nothing has. Sessions expire with a cut. */
    default @Nullable Expired expired() {
        return null;
    }

    /**
     * Writes the entries whose oldest unwritten update lies before an offset, oldest first.
     *
     * @param dirtyBefore only entries with older updates are written
     * @param appliedUpTo the next offset to be folded: every record before it is in the entries
     * @param limit the most entries to write, apart from those that cannot wait, which are of closed windows that are
     *     kept. If {@link #writesCuts}, all is written whatever its age once this many have changed
     * @param rows receives the tombstones of sessions, and the rows that leave because their entries are written: with
     *     updates a written entry has no unshown change, except for sessions, whose entries say if they have one
     * @return how many were written
     */
    int checkpoint(long dirtyBefore, long appliedUpTo, int limit, WindowOutput rows, CheckpointOutput entries);
}
