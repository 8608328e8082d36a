package io.tally.simulation;

import io.tally.pipeline.CheckpointPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** What a seed says about a {@link Simulation}: a pipeline, a source, and how rough life is. */
public final class SimSettings {
    /** Longer than any simulation. */
    public static final long FOREVER = 1L << 40;

    private static final int MOST_AGGREGATES = 8;

    final SimRules rules;
    final SimSource generator;
    /** Whether windows may have more rows than a page. */
    final boolean large;

    final int records;
    final int largestPoll;
    final int crashPercent;
    /** The most rows of closing windows in a transaction. */
    final int largestRoom;

    SimSettings(Random random) {
        large = random.nextInt(60) == 0;
        long[] sizes = {1, 2, 7, 1000, 5000, 3_600_000};
        // Totals surely have as many rows.
        SimWindow window = large && random.nextInt(3) == 0
                ? new SimWindow(SimWindow.Kind.TOTAL, 1, 1, 0, true)
                : window(random, large ? 3_600_000 : sizes[random.nextInt(sizes.length)]);
        long size = window.size();
        long[] graces = {0, 1, size / 2, size, 3 * size};
        rules = new SimRules(
                window,
                graces[random.nextInt(graces.length)],
                random.nextInt(4),
                "v1",
                aggregates(random),
                random.nextInt(3) == 0 ? 1 + random.nextLong(3 * size) : 0,
                random.nextInt(4) == 0);
        int[] keys = {1, 2, 5, 20, 200};
        // Sessions of one key meet only if it comes often.
        int most = window.kind() == SimWindow.Kind.SESSION ? 3 : keys.length;
        generator = new SimSource(random, rules, large ? 20_000 : keys[random.nextInt(most)]);
        records = large ? 10_000 : 1 + random.nextInt(random.nextInt(8) == 0 ? 800 : 150);
        largestPoll = large ? 1500 : 1 + random.nextInt(random.nextBoolean() ? 5 : 60);
        crashPercent = random.nextInt(4) == 0 ? 0 : (large ? 5 : 0) + random.nextInt(40);
        int[] rooms = {1, 3, 10, 100, Integer.MAX_VALUE};
        largestRoom = large ? 1000 : rooms[random.nextInt(rooms.length)];
    }

    /** Any kind of window of about this size. */
    static SimWindow window(Random random, long about) {
        SimWindow.Kind kind = switch (random.nextInt(6)) {
            case 0, 1 -> SimWindow.Kind.TUMBLING;
            case 2 -> SimWindow.Kind.SESSION;
            default -> SimWindow.Kind.values()[random.nextInt(SimWindow.Kind.values().length)];
        };
        long size = switch (kind) {
            case DAYS -> 86_400_000;
            case WEEKS -> 7 * 86_400_000L;
            case MONTHS -> 30 * 86_400_000L;
            case HOURS -> 3_600_000;
            default -> 1 + random.nextLong(2 * about);
        };
        long advance = size;
        if (kind == SimWindow.Kind.HOPPING) {
            advance = size - random.nextLong(size - size / 6);
        } else if (kind == SimWindow.Kind.CUMULATIVE) {
            advance = Math.max(1, size / (1 + random.nextInt(6)));
            size = advance * (1 + random.nextInt(6));
        }
        long[] latenesses = {1, size / 2, size, 5 * size};
        boolean isTotal = kind == SimWindow.Kind.TOTAL || kind == SimWindow.Kind.TOTAL_WITH_TTL;
        long lateness = isTotal || random.nextBoolean() ? 0 : latenesses[random.nextInt(latenesses.length)];
        boolean updates = kind == SimWindow.Kind.TOTAL || random.nextInt(3) == 0;
        return new SimWindow(kind, size, advance, lateness, updates, offset(kind, size, random));
    }

    private static long offset(SimWindow.Kind kind, long size, Random random) {
        if (random.nextBoolean()) {
            return 0;
        }
        return switch (kind) {
            case TUMBLING, HOPPING, CUMULATIVE -> random.nextLong(-size, size);
            case DAYS, WEEKS, MONTHS -> 3_600_000L * random.nextInt(-23, 24);
            default -> 0;
        };
    }

    static CheckpointPolicy policy(Random random) {
        long[] intervals = {0, 1, 20, 300, 10_000, FOREVER};
        long[] replays = {1, 10, 100, FOREVER};
        int[] limits = {1, 2, 5, 5000};
        return new CheckpointPolicy(
                Duration.ofMillis(intervals[random.nextInt(intervals.length)]),
                replays[random.nextInt(replays.length)],
                limits[random.nextInt(limits.length)],
                random.nextInt(8) == 0,
                Duration.ofMillis(intervals[random.nextInt(intervals.length)]));
    }

    static List<SimAggregate> aggregates(Random random) {
        List<SimAggregate> all = new ArrayList<>(Arrays.asList(SimAggregate.values()));
        Collections.shuffle(all, random);
        return List.copyOf(all.subList(0, 1 + random.nextInt(MOST_AGGREGATES)));
    }

    @Override
    public String toString() {
        return records + " records (" + generator + "), polls of up to " + largestPoll + ", " + crashPercent
                + " % crashes, up to " + largestRoom + " rows at a time";
    }
}
