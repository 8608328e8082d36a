package io.tally.kafka.transaction;

import java.util.function.IntSupplier;

/**
 * How many rows and tombstones go into a transaction of a lane, so that it fits its time-out however many windows close
 * or expire at once. What has no room leaves in the next transaction. Each partition may send its share whatever the
 * others sent, so none waits for ever. So a transaction has at most twice the limit. This does not include what does
 * not ask: updates and corrections, which have limits of their own, and sessions that end together. Confined to the
 * consumer thread.
 */
public final class RowLimit {
    private final int limit;
    private final IntSupplier partitions;
    private long rows;

    /**
     * Begins with a transaction without rows.
     *
     * @param limit at least 1
     * @param partitions how many partitions the lane has
     */
    public RowLimit(int limit, IntSupplier partitions) {
        this.limit = limit;
        this.partitions = partitions;
    }

    void sent() {
        rows++;
    }

    /**
     * Whether a partition may send another row or tombstone in the running transaction.
     *
     * @param own how many it has sent in the transaction
     * @param besides how many it will send whatever the answer is
     */
    boolean hasRoom(long own, long besides) {
        return rows + besides < limit || own + besides < Math.max(1, limit / Math.max(1, partitions.getAsInt()));
    }

    /** The next transaction begins. */
    public void reset() {
        rows = 0;
    }
}
