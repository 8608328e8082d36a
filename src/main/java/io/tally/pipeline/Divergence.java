package io.tally.pipeline;

import org.jspecify.annotations.Nullable;

/**
 * The proof that a log has lost records that were processed: it is not the one any more in which an offset was
 * committed, though it may be longer by now.
 *
 * @param epoch leader epoch of the last record before the committed offset, when that was committed
 * @param end where the log of that epoch ends, before the committed offset; null if the leader does not know the epoch
 */
public record Divergence(int epoch, @Nullable Long end) {
    /** From here on nothing is known to be what was processed. */
    public long lostFrom() {
        return end == null ? 0 : end;
    }
}
