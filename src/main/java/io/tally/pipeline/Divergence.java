package io.tally.pipeline;

import org.jspecify.annotations.Nullable;

/**
 * The proof that a log has lost records that were processed. The log is no longer the one in which the offset was
 * committed, although it may be longer by now.
 *
 * @param epoch leader epoch of the last record before the committed offset, when that was committed
 * @param end where the log of that epoch ends, before the committed offset; null if the leader does not know the epoch
 */
public record Divergence(int epoch, @Nullable Long end) {
    /** The first offset at which the log may hold something else than what was processed. */
    public long lostFrom() {
        return end == null ? 0 : end;
    }
}
