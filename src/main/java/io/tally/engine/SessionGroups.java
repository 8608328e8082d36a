package io.tally.engine;

import io.tally.engine.session.SessionRule;
import io.tally.engine.session.SessionTable;
import java.util.Arrays;

/**
 * Groups open sessions by the time when they end if nothing more comes: a group is the sessions that end in one stretch
 * of time. The stretches are of one length, and begin at its multiples, so that they stay where they are while sessions
 * come and go.
 */
final class SessionGroups {
    /** If there are more sessions than this, a sample is counted. */
    static final int SAMPLE = 1_000;

    private long[] ends = new long[16];
    private int count;

    private SessionGroups() {}

    /**
     * Shows the groups that have sessions, by time. Sessions that have ended and are kept for corrections are left out.
     *
     * @return whether all sessions were counted
     */
    static boolean show(SessionTable table, SessionRule rule, int limit, EngineProgress.WindowVisitor visitor) {
        SessionGroups groups = new SessionGroups();
        int seen = table.sample(SAMPLE, session -> {
            if (!session.closed) {
                groups.add(rule.end(session));
            }
        });
        groups.show(limit, (double) table.size() / Math.max(1, seen), visitor);
        return seen == table.size();
    }

    private void add(long end) {
        if (count == ends.length) {
            ends = Arrays.copyOf(ends, 2 * count);
        }
        ends[count++] = end;
    }

    /** @param weight how many sessions each stands for */
    private void show(int limit, double weight, EngineProgress.WindowVisitor visitor) {
        if (count == 0) {
            return;
        }
        Arrays.sort(ends, 0, count);
        long width = width(ends[0], ends[count - 1], limit);
        int from = 0;
        for (int to = 1; to <= count; to++) {
            long group = Math.floorDiv(ends[from] - 1, width);
            if (to == count || Math.floorDiv(ends[to] - 1, width) != group) {
                visitor.window(group * width, (group + 1) * width, Math.round((to - from) * weight));
                from = to;
            }
        }
    }

    /** The shortest length of 1, 2 or 5 times a power of ten with which the ends are in no more groups than that. */
    private static long width(long first, long last, int limit) {
        long power = 1;
        while (true) {
            for (long width = power; width <= 5 * power; width = width == 2 * power ? 5 * power : 2 * width) {
                if (Math.floorDiv(last - 1, width) - Math.floorDiv(first - 1, width) < limit) {
                    return width;
                }
            }
            power *= 10;
        }
    }
}
