package io.tally.command.audit;

import io.tally.engine.row.KeyHash;
import java.util.List;

/**
 * A share of all keys, and of all records that were not counted: those whose hash leaves a remainder. An audit goes
 * through the logs once for each bucket, so that it needs memory for one bucket at a time.
 *
 * @param count how many buckets of this size there are, a power of two
 * @param number of the bucket, counted from 0
 */
record Bucket(int count, int number) {
    /** Everything. */
    static final Bucket ALL = new Bucket(1, 0);

    private static final int MOST = 1 << 16;
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    boolean holds(byte[] bytes, int start, int length) {
        return holds(KeyHash.wide(bytes, start, length));
    }

    /** Whether what happened to the record of an offset belongs to it. */
    boolean holds(int partition, long offset) {
        return holds(((offset + partition) * SPREAD) >>> Integer.SIZE);
    }

    private boolean holds(long hash) {
        return (hash & (count - 1)) == number;
    }

    /** Whether it is too small to be divided. */
    boolean isSmallest() {
        return count == MOST;
    }

    List<Bucket> halves() {
        return List.of(new Bucket(2 * count, number), new Bucket(2 * count, number + count));
    }
}
