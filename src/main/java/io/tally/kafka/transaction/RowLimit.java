package io.tally.kafka.transaction;

import java.util.function.IntSupplier;

/**
 * How many rows go into a transaction of a lane, so that it fits its time-out however many windows close at once. What
 * has no room leaves in the next one. Each partition may have its share whatever the others sent, so that none waits
 * for ever; a transaction has twice the limit at most, but for rows that do not ask: updates and corrections, which
 * have limits of their own, and sessions that end together. Confined to the consumer thread.
 */
public final class RowLimit {
    private final int limit;
    private final IntSupplier partitions;
    private long rows;

    /**
     * Begins with a transaction without rows.
     *
     * @param limit at least 1
     * @param partitions how many the lane has
     */
    public RowLimit(int limit, IntSupplier partitions) {
        this.limit = limit;
        this.partitions = partitions;
    }

    void sent() {
        rows++;
    }

    /**
     * Whether a partition may send another row in the running transaction.
     *
     * @param own how many it has sent in it
     */
    boolean hasRoom(long own) {
        return rows < limit || own < Math.max(1, limit / Math.max(1, partitions.getAsInt()));
    }

    /** The next transaction begins. */
    public void reset() {
        rows = 0;
    }
}
