package io.tally.kafka.member;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.jspecify.annotations.Nullable;

/**
 * How a lane is doing: what stops it from working, how often in a row a transaction failed, and whether it is fenced
 * again and again. Written by the consumer thread, read by any thread.
 *
 * <p>Each kind of reason goes away with its cause. A failed poll is a reason until a poll works; a failed transaction,
 * until one is committed or nothing waits to be committed. The reason of a failed restore belongs to its partition.
 */
public final class LaneHealth {
    /**
     * How many fencings by a twin end the lane, within a period or since its last commit. A hand-over from an old
     * process to a new one does not take so many. Twins that restore for longer than the period never commit.
     */
    public static final int FENCINGS = 5;

    static final Duration FENCING_PERIOD = Duration.ofMinutes(1);

    private static final Duration FIRST_BACKOFF = Duration.ofMillis(50);
    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(5);

    private final Deque<Long> fencings = new ArrayDeque<>();
    private final AtomicLong commits = new AtomicLong();
    private final AtomicLong aborts = new AtomicLong();
    private final AtomicLong predecessorsFenced = new AtomicLong();
    private volatile @Nullable Instant lastCommit;
    private final Moment lastPoll = new Moment();
    private volatile @Nullable String end;
    private volatile @Nullable String pollProblem;
    private volatile @Nullable String transactionProblem;
    private volatile boolean outOfGroup;
    private volatile boolean fencedForGood;
    private int failures;
    /** How many of the fencings came before the last commit. */
    private int fencingsBeforeCommit;

    public synchronized void committed() {
        nothingWaits();
        fencingsBeforeCommit = fencings.size();
        lastCommit = Instant.now();
        commits.incrementAndGet();
    }

    public void polled() {
        lastPoll.note();
    }

    /**
     * Notes that the consumer could not poll. It may never have joined the group, so no partition would show that.
     *
     * @param cause why, in one line
     */
    public void pollFailed(String cause) {
        pollProblem = "the consumer cannot poll: " + cause;
    }

    public void pollWorked() {
        if (pollProblem != null && !outOfGroup) {
            pollProblem = null;
        }
    }

    /**
     * Notes that the consumer takes no part in its group any more. Polls work from then on, and bring nothing, so the
     * reason stays until the lane is replaced.
     *
     * @param cause why, in one line
     */
    public void outOfGroup(String cause) {
        pollProblem = "a consumer has lost its place in the group for good: " + cause;
        outOfGroup = true;
    }

    /** Whether only a lane with a new consumer can go on. */
    public boolean isOutOfGroup() {
        return outOfGroup;
    }

    /**
     * Notes that a transaction did not end in a confirmed commit.
     *
     * @param what the cause in words
     */
    public synchronized void failed(String what) {
        aborts.incrementAndGet();
        failures++;
        transactionProblem =
                (failures == 1 ? "a transaction failed: " : failures + " transactions in a row failed: ") + what;
    }

    /** Notes that another process that uses the lane's transactional id has fenced it. Called on the restore thread. */
    public synchronized void fencedByTwin() {
        long now = System.nanoTime();
        fencings.addLast(now);
        while (fencingsBeforeCommit > 0 && now - fencings.getFirst() > FENCING_PERIOD.toNanos()) {
            fencings.removeFirst();
            fencingsBeforeCommit--;
        }
        fencedForGood = fencings.size() >= FENCINGS;
    }

    /** Whether a twin has fenced it again and again. */
    public boolean isFencedForGood() {
        return fencedForGood;
    }

    /** Whether the last known transaction failed. */
    public boolean isFailing() {
        return transactionProblem != null;
    }

    /** Notes that nothing waits to be committed, so no transaction can fail. */
    public synchronized void nothingWaits() {
        failures = 0;
        transactionProblem = null;
    }

    /** Notes that the lane has ended and does not come back by itself. */
    public void end(String why) {
        end = why;
    }

    public boolean hasEnded() {
        return end != null;
    }

    public void predecessorFenced() {
        predecessorsFenced.incrementAndGet();
    }

    /** How long to wait before the next attempt: doubles with each failure in a row. */
    public synchronized Duration backoff() {
        if (failures == 0) {
            return Duration.ZERO;
        }
        long millis = FIRST_BACKOFF.toMillis() << Math.min(failures - 1, 10);
        return Duration.ofMillis(Math.min(millis, LONGEST_BACKOFF.toMillis()));
    }

    /** What stops the lane from working, the most serious reason first; null when all is well. */
    @Nullable
    public String problem() {
        String ended = end;
        String polls = pollProblem;
        return ended != null ? ended : polls != null ? polls : transactionProblem;
    }

    @Nullable
    public Instant lastCommit() {
        return lastCommit;
    }

    /** When it last polled; before the first poll, when it was made. */
    public Instant lastPoll() {
        return lastPoll.instant();
    }

    public long commits() {
        return commits.get();
    }

    public long aborts() {
        return aborts.get();
    }

    public long predecessorsFencedCount() {
        return predecessorsFenced.get();
    }

    public static boolean isFencing(Throwable cause) {
        for (Throwable t = cause; t != null; t = t.getCause()) {
            if (t instanceof ProducerFencedException || t instanceof InvalidProducerEpochException) {
                return true;
            }
        }
        return false;
    }
}
