package io.tally.command.dryrun;

import java.util.LinkedHashMap;
import java.util.Map;

/** How far the events of a partition are behind the highest event time before them. */
final class Disorder {
    private static final long[] BOUNDS = {
        0, 1_000, 5_000, 10_000, 30_000, 60_000, 300_000, 900_000, 3_600_000, 21_600_000, 86_400_000, Long.MAX_VALUE
    };
    private static final String[] NAMES = {
        "in order", "up to 1s", "5s", "10s", "30s", "1m", "5m", "15m", "1h", "6h", "1d", "more"
    };

    private final long[] counts = new long[BOUNDS.length];
    private long most;

    void add(long behind) {
        int bucket = 0;
        while (behind > BOUNDS[bucket]) {
            bucket++;
        }
        counts[bucket]++;
        most = Math.max(most, behind);
    }

    /** The most by which an event is behind, in milliseconds. */
    long most() {
        return most;
    }

    /** Numbers of events by how far they are behind at most, without those of which there are none. */
    Map<String, Long> counts() {
        Map<String, Long> named = new LinkedHashMap<>();
        for (int bucket = 0; bucket < counts.length; bucket++) {
            if (counts[bucket] > 0) {
                named.put(NAMES[bucket], counts[bucket]);
            }
        }
        return named;
    }
}
