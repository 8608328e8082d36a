package io.tally.command.explain;

import io.tally.command.recount.Patience;
import io.tally.pipeline.log.LogReader;
import io.tally.pipeline.log.OffsetRange;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * What a group has committed for a partition, as far as the broker still has it. It begins to read near a time, then
 * reads on and back until it has found the commit.
 *
 * <p>Of the commits that compaction has passed over, it leaves only the last one. So if two remaining commits are
 * neighbours, the second was committed right after the first. What came before the first remaining commit is not known.
 */
final class CommitHistory {
    /** The commit cannot be found; the message says why. */
    static final class UnknownCommitException extends Exception {
        private static final long serialVersionUID = 1L;

        UnknownCommitException(String message) {
            super(message);
        }
    }

    /** The most records that are read in all. */
    private static final int MOST = 100_000;
    /** How many offsets the first step reads; each further step is ten times as long. */
    private static final int FIRST_STEP = 1_000;

    /** The clocks of brokers and instances differ. If by more, a step back shows it. */
    private static final long MARGIN_MILLIS = 1_000;

    private final LogReader log;
    private final Patience patience;
    private final int place;
    private final byte[] key;
    private final OffsetRange held;
    private final List<PastCommit> commits = new ArrayList<>();
    /** What was read. */
    private OffsetRange range;

    private long step = FIRST_STEP;
    private int read;

    /**
     * Of a partition of a topic that a group reads.
     *
     * @throws io.tally.pipeline.log.LogException if the broker's topic must not or cannot be read
     */
    CommitHistory(String group, String topic, int partition, LogReader log, Patience patience) {
        this.log = log;
        this.patience = patience;
        place = PastCommit.partitionOf(group, log.requirePartitions("topic", PastCommit.TOPIC));
        key = PastCommit.keyOf(group, topic, partition);
        held = log.range(PastCommit.TOPIC, place);
        range = new OffsetRange(held.to(), held.to());
    }

    /**
     * The first commit with a property that the one before it did not have.
     *
     * @param time about when it was, milliseconds since the epoch
     * @param isReached true for it and those that follow
     */
    PastCommit first(long time, Predicate<PastCommit> isReached) throws UnknownCommitException {
        moveTo(time - MARGIN_MILLIS);
        while (true) {
            int first = 0;
            while (first < commits.size() && !isReached.test(commits.get(first))) {
                first++;
            }
            if (first == commits.size()) {
                readOn();
            } else if (first > 0) {
                return commits.get(first);
            } else {
                readBack();
            }
        }
    }

    private void moveTo(long time) {
        if (!commits.isEmpty()
                && commits.get(0).time() <= time
                && commits.get(commits.size() - 1).time() >= time) {
            return;
        }
        long from = Math.max(held.from(), Math.min(held.to(), log.offsetAt(PastCommit.TOPIC, place, time)));
        if (from < range.from() || from > range.to()) {
            commits.clear();
            range = new OffsetRange(from, from);
            step = FIRST_STEP;
        }
    }

    private void readOn() throws UnknownCommitException {
        if (range.to() == held.to()) {
            throw new UnknownCommitException(
                    name() + " does not have it yet, as far as it can be read before an open transaction: ask again");
        }
        OffsetRange next = new OffsetRange(range.to(), Math.min(held.to(), range.to() + step));
        commits.addAll(read(next));
        range = new OffsetRange(range.from(), next.to());
    }

    private void readBack() throws UnknownCommitException {
        if (range.from() == held.from()) {
            throw new UnknownCommitException(
                    name() + " no longer has it, or not what was committed before: compaction has removed that");
        }
        OffsetRange next = new OffsetRange(Math.max(held.from(), range.from() - step), range.from());
        commits.addAll(0, read(next));
        range = new OffsetRange(next.from(), range.to());
    }

    private List<PastCommit> read(OffsetRange next) throws UnknownCommitException {
        requireFew();
        List<PastCommit> found = new ArrayList<>();
        log.read(PastCommit.TOPIC, place, next, record -> {
            patience.check();
            PastCommit commit = PastCommit.of(record, key);
            if (commit != null) {
                found.add(commit);
            }
            return ++read < MOST;
        });
        requireFew();
        step *= 10;
        return found;
    }

    private void requireFew() throws UnknownCommitException {
        if (read >= MOST) {
            throw new UnknownCommitException(
                    "it was not among the " + MOST + " records of " + name() + " that were looked at");
        }
    }

    private String name() {
        return PastCommit.TOPIC + "-" + place;
    }
}
