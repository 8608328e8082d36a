package io.tally.heap;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * How much of the heap the open windows of one pipeline may hold in this process. All its partitions share it, since
 * some need more than others, and how many there will be is not known. Each has a {@link HeapAccount} and takes what it
 * needs.
 *
 * <p>Once all is taken, an account with more than an equal part gets nothing more. The others may go on up to a quarter
 * above the limit, so that one large partition does not stop smaller ones. A restore may use that quarter, too: for a
 * while it holds both what it has read and what it made from that. Thread-safe.
 */
public final class HeapBudget {
    /** How much accounts take at a time (less if the limit is small), so that they seldom have to ask. */
    private static final long LARGEST_STEP = 64 * 1024;

    private static final long UNLIMITED = Long.MAX_VALUE / 2;

    private final long limit;
    private final String reason;
    private final Map<String, HeapAccount> accounts = new HashMap<>();
    private long taken;

    /**
     * A budget from which nothing has been taken yet.
     *
     * @param limit in bytes, at least 1
     * @param reason where the limit comes from, as "half of the heap"
     */
    public HeapBudget(long limit, String reason) {
        this.limit = Math.min(limit, UNLIMITED);
        this.reason = reason;
    }

    /** A budget without a limit. */
    public static HeapBudget unlimited() {
        return new HeapBudget(UNLIMITED, "no limit");
    }

    /** The limit in bytes. */
    public long limit() {
        return limit;
    }

    /** Where the limit comes from, in words. */
    public String reason() {
        return reason;
    }

    /** How much of it is taken, in bytes. */
    public synchronized long taken() {
        return taken;
    }

    /** Opens an account. An open account of the same name is closed: its owner no longer exists. */
    public synchronized HeapAccount open(String name) {
        HeapAccount account = new HeapAccount(this, name);
        HeapAccount left = accounts.put(name, account);
        if (left != null) {
            taken -= left.takeReserved();
        }
        return account;
    }

    /** Reserves memory for an account. */
    synchronized void reserve(HeapAccount account, long needed) {
        if (accounts.get(account.name()) != account) {
            return;
        }
        long bytes = Math.max(needed, step());
        long total = taken + bytes;
        boolean isSmall = account.isRestoring() || account.used() <= limit / accounts.size();
        if (total > limit && (!isSmall || total > limit + limit / 4)) {
            throw new HeapLimitExceededException("the open windows of the pipeline would take " + megabytes(total)
                    + " MB of heap, " + megabytes(account.used()) + " of them in this partition, of the "
                    + megabytes(limit) + " that they may in this process (" + reason + ")");
        }
        taken = total;
        account.reserved(bytes);
    }

    /** Gives back to the budget what an account does not use. */
    synchronized void release(HeapAccount account, long bytes) {
        if (accounts.get(account.name()) == account) {
            taken -= bytes;
            account.reserved(-bytes);
        }
    }

    synchronized void close(HeapAccount account) {
        if (accounts.remove(account.name(), account)) {
            taken -= account.takeReserved();
        }
    }

    /** An equal part of the limit. */
    synchronized long equalPart() {
        return limit / Math.max(1, accounts.size());
    }

    long step() {
        return Math.max(1, Math.min(LARGEST_STEP, limit / 256));
    }

    private static String megabytes(long bytes) {
        double megabytes = bytes / (double) (1 << 20);
        return String.format(Locale.ROOT, megabytes < 10 ? "%.2f" : "%.0f", megabytes);
    }
}
