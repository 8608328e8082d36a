package io.tally.bench.source;

/**
 * A set of rows as their number and the sum of their hashes, so that rows in any order can be compared without being
 * kept. A row too many, too few or wrong goes unseen once in 2^64.
 */
public final class RowDigest {
    private long count;
    private long sum;

    public void add(byte[] row) {
        long hash = row.length;
        for (byte b : row) {
            hash = (hash ^ b) * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> 29;
        }
        hash *= 0xBF58476D1CE4E5B9L;
        count++;
        sum += hash ^ hash >>> 32;
    }

    public long count() {
        return count;
    }

    /** @throws IllegalStateException if these rows of a system are not those that it should have written */
    public void requireSame(RowDigest right, String system) {
        if (count != right.count || sum != right.sum) {
            throw new IllegalStateException(
                    system + " has written other rows than it should: " + count + " where there are " + right.count);
        }
    }
}
