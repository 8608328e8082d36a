package io.tally.heap;

/**
 * What one partition holds of its pipeline's {@link HeapBudget}: sizes of arrays and objects as they are made and
 * dropped, so the counting costs nothing where nothing is made. Confined to one thread at a time, but for
 * {@link #close}.
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

    /** Whether it has more than half of an equal part of the limit: what can be given up should be. */
    public boolean isLarge() {
        return used > budget.step() && used > budget.equalPart() / 2;
    }

    /** While a partition is restored it may use what is kept free for that. */
    public void restoring(boolean isRestoring) {
        restoring = isRestoring;
    }

    boolean isRestoring() {
        return restoring;
    }

    /**
     * Takes memory, or gives it back.
     *
     * @throws HeapLimitExceededException if there is no more; whoever asked must be thrown away
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

    /** Gives all back: what it stood for is dropped. */
    @Override
    public void close() {
        budget.close(this);
    }
}
