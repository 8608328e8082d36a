package io.tally.heap;

/**
 * What one partition holds of its pipeline's {@link HeapBudget}. It counts arrays and objects as they are made and
 * dropped, so it costs nothing while none are. Used by one thread at a time, except {@link #close}.
 */
public final class HeapAccount implements AutoCloseable {
    private final HeapBudget budget;
    private final String name;
    private long used;
    private long reserved;
    private boolean restoring;

    HeapAccount(HeapBudget budget, String name) {
        this.budget = budget;
        this.name = name;
    }

    /** An account of its own, without a limit. */
    public static HeapAccount unlimited() {
        return HeapBudget.unlimited().open("");
    }

    String name() {
        return name;
    }

    /** Bytes of heap that are held. */
    public long used() {
        return used;
    }

    /** The limit that it shares with others, in bytes. */
    public long limit() {
        return budget.limit();
    }

    /** Whether it has more than half of an equal part of the limit. Then the owner should give up what it can. */
    public boolean isLarge() {
        return used > budget.step() && used > budget.equalPart() / 2;
    }

    /** While a partition is restored, it may use the memory that is kept free for restores. */
    public void restoring(boolean isRestoring) {
        restoring = isRestoring;
    }

    boolean isRestoring() {
        return restoring;
    }

    /**
     * Takes memory, or gives it back.
     *
     * @throws HeapLimitExceededException if there is no more; the caller's state is then incomplete and must be dropped
     */
    public void take(long bytes) {
        used += bytes;
        if (used > reserved) {
            budget.reserve(this, used - reserved);
        } else if (bytes < 0 && reserved - used > 2 * budget.step()) {
            budget.release(this, reserved - used - budget.step());
        }
    }

    void reserved(long more) {
        reserved += more;
    }

    long takeReserved() {
        long all = reserved;
        reserved = 0;
        return all;
    }

    /** Gives all memory back, since its owner is dropped. */
    @Override
    public void close() {
        budget.close(this);
    }
}
