package io.tally.bench.part;

import java.util.ArrayList;
import java.util.List;

/**
 * The commits of one run as they were seen from outside, and the rates between them.
 *
 * <p>The steady rate is taken between two commits: the first that has the warm-up behind it, and the last one before
 * the end of the source. What a system needs for the rest counts from process start only, as it depends less on its
 * speed than on when it commits: one that does so every 5 s, as Flink, may be through long before its next commit is
 * due. Where a run is too short for two such commits, it counts to its end or from its start. A system whose rows come
 * after its commits is watched until it is warm only, and counts to its last row. Where there are several processes,
 * all of them must be at work.
 */
final class Progress {
    private static final double WARM_UP = 0.3;
    /** Of all lines, where the start of several processes takes longer than the warm-up. */
    private static final double LEAST_STEADY = 0.4;

    /**
     * What had been done and used by the time of a commit.
     *
     * @param seconds since the start of the process
     * @param cpu seconds of the process
     * @param brokerCpu seconds of the broker
     */
    record Commit(long lines, double seconds, double cpu, double brokerCpu) {}

    /** What was done and used from one commit to another. */
    record Span(Commit from, Commit to) {
        double rate() {
            return lines() / (to.seconds - from.seconds);
        }

        double cpuPerMillion() {
            return (to.cpu - from.cpu) / lines() * 1e6;
        }

        double brokerCpuPerMillion() {
            return (to.brokerCpu - from.brokerCpu) / lines() * 1e6;
        }

        private double lines() {
            return to.lines - from.lines;
        }
    }

    private final long end;
    /** The first is not one: it is the start. */
    private final List<Commit> commits = new ArrayList<>();
    /** How many of them belong to the start. */
    private int starting;

    Progress(long end, double brokerCpu) {
        this.end = end;
        commits.add(new Commit(0, 0, 0, brokerCpu));
    }

    long lines() {
        return last().lines;
    }

    /** So many lines are the warm-up. */
    long warm() {
        return (long) (end * WARM_UP);
    }

    void add(Commit commit) {
        commits.add(commit);
    }

    /** Not all processes are at work yet, so what has been committed so far is not part of the steady rate. */
    void stillStarting() {
        starting = commits.size();
    }

    double secondsToFirstCommit() {
        return commits.get(1).seconds;
    }

    Span whole() {
        return new Span(commits.get(0), last());
    }

    Span steady() {
        Commit from = commits.stream()
                .skip(starting)
                .filter(commit -> commit.lines >= warm())
                .findFirst()
                .orElseGet(this::last);
        if (starting > 0 && end - from.lines < end * LEAST_STEADY) {
            throw new IllegalStateException("all processes were at work only after " + from.lines + " of " + end
                    + " lines: there must be more of them to tell a steady rate");
        }
        if (from.lines >= end) {
            return whole();
        }
        Commit to = commits.get(commits.size() - 2);
        return new Span(from, to.equals(from) ? last() : to);
    }

    private Commit last() {
        return commits.get(commits.size() - 1);
    }
}
