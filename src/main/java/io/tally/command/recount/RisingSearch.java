package io.tally.command.recount;

import io.tally.pipeline.log.OffsetRange;
import org.jspecify.annotations.Nullable;

/**
 * Finds a place in a partition by values that rise with the offsets, on the whole. Each look costs a round trip, so it
 * guesses from the values at both ends where the place is, and looks a little before and a little behind that. Every
 * third time it takes the middle, so that values that rise unevenly cost no more than twice a bisection.
 */
public final class RisingSearch {
    /** How near it gets, in offsets: one look more would take longer than reading what lies between. */
    private static final int NEAR = 500;
    /** How many offsets a look goes on for a value, at most. */
    public static final int WIDE = 1_000;

    /** Looks for a value. */
    public interface Look {
        /** The value from an offset on; null if there is none near. */
        @Nullable
        Long at(long offset);
    }

    private RisingSearch() {}

    /** An offset before which values are, on the whole, less than {@code sought}. */
    public static long before(OffsetRange held, long sought, Look look) {
        long from = held.from();
        long to = held.to();
        if (to - from <= NEAR) {
            return from;
        }
        Long first = look.at(from);
        if (first == null || first >= sought) {
            return from;
        }
        long end = to - NEAR / 10;
        Long last = look.at(end);
        if (last != null && last < sought) {
            return end;
        }
        to = end;
        for (int step = 0; to - from > NEAR; step++) {
            long offset = guess(from, first, to, last, sought, step);
            Long found = look.at(offset);
            // Nothing near is on the safe side.
            if (found == null || found >= sought) {
                to = offset;
                last = found;
            } else {
                from = offset;
                first = found;
            }
        }
        return from;
    }

    private static long guess(long from, long first, long to, @Nullable Long last, long sought, int step) {
        long length = to - from;
        if (last == null || last <= first || step % 3 == 2) {
            return from + length / 2;
        }
        double share = (sought - first) / (double) (last - first);
        long aside = Math.max(NEAR / 3, length / 32);
        long guess = from + (long) (share * length) + (step % 3 == 0 ? -aside : aside);
        return Math.max(from + 1, Math.min(to - 1, guess));
    }
}
