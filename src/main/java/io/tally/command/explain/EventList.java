package io.tally.command.explain;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Counts events, and keeps the first and the last of them. */
final class EventList {
    private final int most;
    private final List<EventPlace> first = new ArrayList<>();
    private final Deque<EventPlace> last = new ArrayDeque<>();
    private long count;

    /** @param most how many are kept of the first, and of the last */
    EventList(int most) {
        this.most = most;
    }

    void add(EventPlace place) {
        count++;
        if (first.size() < most) {
            first.add(place);
            return;
        }
        last.add(place);
        if (last.size() > most) {
            last.remove();
        }
    }

    long count() {
        return count;
    }

    Shown shown() {
        return new Shown(count, List.copyOf(first), List.copyOf(last));
    }

    /**
     * Events as they are shown.
     *
     * @param count how many there are
     * @param last the last ones that are not among the first
     */
    record Shown(long count, List<EventPlace> first, List<EventPlace> last) {}
}
