package io.tally.pipeline;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Where a replay may begin, if what a record says depends on the greatest event time before it. That time is committed
 * with the recovery offset, so it must be known there, but the oldest change that the state topic lacks may be anywhere
 * in a batch. So the time is noted at each commit, and a replay begins where one was: it reads up to a batch more,
 * which changes nothing, since those records are in the entries. Confined to one thread.
 */
final class ReplayStarts {
    /** So many that they are hardly further apart than commits. With more, they are taken further apart. */
    static final int MOST = 1024;

    /**
     * An offset with the greatest event time before it.
     *
     * @param latestTime {@link Long#MIN_VALUE} if there was none
     */
    record Start(long offset, long latestTime) {}

    /** In their order; the first is where the last commit's replay would begin, the last where the last commit is. */
    private Deque<Start> starts = new ArrayDeque<>();
    /** How far apart they are at least, but for the last. */
    private long distance = 1;

    ReplayStarts(long offset, long latestTime) {
        starts.add(new Start(offset, latestTime));
    }

    /** All records before the offset have been processed, and no others. */
    void add(long offset, long latestTime) {
        Start last = starts.removeLast();
        if (last.offset() >= offset) {
            starts.addLast(last);
            return;
        }
        if (starts.isEmpty() || last.offset() - starts.getLast().offset() >= distance) {
            starts.addLast(last);
        }
        starts.addLast(new Start(offset, latestTime));
        while (starts.size() > MOST) {
            takeApart();
        }
    }

    /** The last one that is not after an offset, below which none will be asked for any more. */
    Start at(long recoveryOffset) {
        Start start = starts.removeFirst();
        while (!starts.isEmpty() && starts.getFirst().offset() <= recoveryOffset) {
            start = starts.removeFirst();
        }
        starts.addFirst(start);
        if (starts.size() < MOST / 4) {
            distance = Math.max(1, distance / 2);
        }
        return start;
    }

    private void takeApart() {
        distance *= 2;
        Start last = starts.removeLast();
        Deque<Start> kept = new ArrayDeque<>();
        for (Start start : starts) {
            if (kept.isEmpty() || start.offset() - kept.getLast().offset() >= distance) {
                kept.addLast(start);
            }
        }
        kept.addLast(last);
        starts = kept;
    }
}
