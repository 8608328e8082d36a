package io.tally.pipeline.partition;

import io.tally.codec.decode.DecodingHistory;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Where a replay may begin, if how a record is read depends on what came before it: the greatest event time, or the
 * last header. That is committed with the recovery offset, so it must be known there. But the oldest change that the
 * state topic lacks may be anywhere in a batch. So it is noted at each commit, and a replay begins at a commit. It
 * reads up to a batch more, which changes nothing, since the entries already contain those records. Confined to one
 * thread.
 */
final class ReplayStarts {
    /**
     * The most starts that are kept. With so many they are hardly further apart than commits. With more, some are
     * dropped.
     */
    static final int MOST = 1024;

    /**
     * An offset with what came before it.
     *
     * @param latestTime the greatest event time; null if times do not depend on it
     * @param header what the last header says; null if nothing depends on headers
     */
    record Start(
            long offset,
            @Nullable Long latestTime,
            @Nullable String header) {
        Start(long offset, DecodingHistory decoding) {
            this(offset, decoding.latestTime(), decoding.header());
        }
    }

    /**
     * The starts in their order. A replay for the last commit would begin at the first; the last is the last commit
     * itself.
     */
    private Deque<Start> starts = new ArrayDeque<>();
    /** The least distance between two starts, except for the last. */
    private long distance = 1;

    /** All records before the start have been processed, and no others. */
    ReplayStarts(Start first) {
        starts.add(first);
    }

    /** All records before the start have been processed, and no others. */
    void add(Start next) {
        long offset = next.offset();
        Start last = starts.removeLast();
        if (last.offset() >= offset) {
            starts.addLast(last);
            return;
        }
        if (starts.isEmpty() || last.offset() - starts.getLast().offset() >= distance) {
            starts.addLast(last);
        }
        starts.addLast(next);
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
