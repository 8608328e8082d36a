package io.tally.pipeline.partition;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Where a replay may begin, if the time of a record depends on the greatest event time before it. That time is
 * committed with the recovery offset, so it must be known there. But the oldest change that the state topic lacks may
 * be anywhere in a batch. So the time is noted at each commit, and a replay begins at a commit. It reads up to a batch
 * more, which changes nothing, since the entries already contain those records. Confined to one thread.
 */
final class ReplayStarts {
    /**
     * The most starts that are kept. With so many they are hardly further apart than commits. With more, some are
     * dropped.
     */
    static final int MOST = 1024;

    /**
     * An offset with the greatest event time before it.
     *
     * @param latestTime {@link Long#MIN_VALUE} if there was none
     */
    record Start(long offset, long latestTime) {}

    /** In their order. A replay for the last commit would begin at the first; the last is the last commit itself. */
    private Deque<Start> starts = new ArrayDeque<>();
    /** The least distance between two starts, except for the last. */
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

    /** The last start that is not after an offset. Later calls never ask for an earlier offset. */
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
