package io.tally.command.dryrun;

/**
 * Counts numbers, at least 0, in buckets that are exact up to 16 and at most a sixteenth wide from there on. It takes 8
 * kB and no more, whatever it counts.
 */
final class LogHistogram {
    private static final int BITS = 4;
    private static final int EXACT = 1 << BITS;

    private final long[] counts = new long[(Long.SIZE - BITS + 1) * EXACT];
    private long total;

    void add(long value) {
        counts[bucket(value)]++;
        total++;
    }

    long total() {
        return total;
    }

    private static int bucket(long value) {
        if (value < EXACT) {
            return (int) value;
        }
        int shift = Long.SIZE - 1 - BITS - Long.numberOfLeadingZeros(value);
        return shift * EXACT + (int) (value >>> shift);
    }

    /** The first number behind a bucket. */
    private static long end(int bucket) {
        if (bucket < 2 * EXACT) {
            return bucket + 1L;
        }
        int shift = bucket / EXACT - 1;
        return (EXACT + bucket % EXACT + 1L) << shift;
    }

    /** A number that at most so many of the counted numbers reach: the smallest for which that is known. */
    long reachedByAtMost(long most) {
        long reached = 0;
        for (int bucket = counts.length - 1; bucket >= 0; bucket--) {
            reached += counts[bucket];
            if (reached > most) {
                return end(bucket);
            }
        }
        return 0;
    }
}
