package io.tally.pipeline.partition;

import java.util.ArrayDeque;

/**
 * Tells which offsets are older than the checkpoint interval: remembers, a few times per interval, which offset had
 * been reached when. Times are arguments, in milliseconds of any steady clock.
 */
final class CheckpointClock {
    private static final int MARKS_PER_INTERVAL = 16;

    private record Mark(long time, long offset) {}

    private final long interval;
    private final ArrayDeque<Mark> marks = new ArrayDeque<>();
    private long dueBefore;

    CheckpointClock(long intervalMillis, long firstOffset) {
        interval = intervalMillis;
        dueBefore = firstOffset;
    }

    /**
     * Notes that all records before {@code offset} were folded by {@code now}. Returns the offset before which all
     * changes are due.
     */
    long advance(long now, long offset) {
        Mark last = marks.peekLast();
        if (last == null || now - last.time >= interval / MARKS_PER_INTERVAL) {
            marks.addLast(new Mark(now, offset));
        }
        for (Mark first = marks.peekFirst(); first != null && now - first.time >= interval; first = marks.peekFirst()) {
            dueBefore = Math.max(dueBefore, first.offset);
            marks.removeFirst();
        }
        return dueBefore;
    }
}
