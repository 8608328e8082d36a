package io.tally.simulation;

import java.util.ArrayList;
import java.util.List;

/** When a {@link Simulation} has reached which offset in this life, which is what says what is due. */
final class SimClock {
    private record Reached(long time, long offset) {}

    private final List<Reached> calls = new ArrayList<>();
    private long restored;
    private long interval;

    /** What was there before is due at once. */
    void restart(long offset, long age) {
        calls.clear();
        restored = offset;
        interval = age;
    }

    void reached(long now, long offset) {
        calls.add(new Reached(now, offset));
    }

    private long now() {
        return calls.get(calls.size() - 1).time;
    }

    /** Whether a change is as old as the interval. */
    boolean mayBeDue(long change) {
        return change < restored
                || calls.stream()
                        .filter(call -> call.offset > change)
                        .findFirst()
                        .filter(call -> now() - call.time >= interval)
                        .isPresent();
    }

    /** Whether a change is so old that an update should have left, though ages are known to a sixteenth only. */
    boolean isOverdue(long change) {
        if (change < restored || interval == 0) {
            return change != ModelRow.CLEAN;
        }
        for (Reached first : calls) {
            if (first.offset > change) {
                for (Reached marked : calls) {
                    if (marked.time >= first.time + interval / 16 && marked.offset >= first.offset) {
                        return now() - marked.time >= interval;
                    }
                }
                return false;
            }
        }
        return false;
    }
}
