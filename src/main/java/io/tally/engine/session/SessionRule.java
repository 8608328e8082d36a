package io.tally.engine.session;

import io.tally.window.TimeWindow;
import java.time.Duration;

/**
 * Which events of a key belong together.
 *
 * <p>A total that ends with a ttl takes every event while it is there. Where the events of several source partitions
 * meet, it is not there yet or not any more for each of them: what matters is the watermark that an event's own
 * partition had at the event. A total is there from the watermark at its first event until the watermark reaches the
 * ttl after its last one, and takes the events whose watermarks lie between. So such totals are sessions that are
 * measured in watermarks where they begin; which events make one depends neither on how those were put together before
 * nor on the order in which they meet.
 *
 * @param gap milliseconds of event time after its last event at which a session ends, at least 1
 * @param form what sessions there are
 */
public record SessionRule(long gap, Form form) {
    private enum Form {
        SESSIONS,
        /** At most one of each key, which takes any event. */
        TOTALS,
        /** One after the other of each key; {@link Session#first} is the watermark at the first event. */
        TOTALS_IN_TURN
    }

    public static SessionRule sessions(Duration gap) {
        return new SessionRule(gap.toMillis(), Form.SESSIONS);
    }

    /** Of events that come in the order of their watermarks. */
    public static SessionRule totals(Duration ttl) {
        return new SessionRule(ttl.toMillis(), Form.TOTALS);
    }

    /** Of partials, each with the watermark at its first event, in any order. */
    public static SessionRule totalsInTurn(Duration ttl) {
        return new SessionRule(ttl.toMillis(), Form.TOTALS_IN_TURN);
    }

    public boolean isTotals() {
        return form != Form.SESSIONS;
    }

    /** Whether of the sessions of a key only the oldest may show itself: rows of the others would replace its own. */
    public boolean isInTurn() {
        return form == Form.TOTALS_IN_TURN;
    }

    /**
     * Whether a session takes events.
     *
     * @param first earliest of their times, or the watermark at the first of them
     * @param last latest of their times
     */
    boolean joins(Session session, long first, long last) {
        return switch (form) {
            case SESSIONS -> session.first < last + gap && first < session.last + gap;
            case TOTALS -> true;
            // Events that are too old to begin a total are still in one that is there.
            case TOTALS_IN_TURN -> session.first < Math.max(last + gap, first + 1) && first < session.last + gap;
        };
    }

    /** No session that begins then or later takes these events; arguments as above. */
    long bound(long first, long last) {
        return form == Form.TOTALS ? Long.MAX_VALUE : Math.max(last + gap, first + 1);
    }

    /** Whether events are so old that they cannot begin a session, whatever is closed; arguments as above. */
    public boolean isTooOld(long first, long last) {
        return form == Form.TOTALS_IN_TURN && last + gap <= first;
    }

    /** Start of the session's window; totals have none. */
    public long start(Session session) {
        return isTotals() ? 0 : session.first;
    }

    /** What tells the session from others of its key in the state topic. */
    public long entryStart(Session session) {
        return form == Form.TOTALS ? 0 : session.first;
    }

    public long end(Session session) {
        return session.last + gap;
    }

    public TimeWindow window(Session session) {
        return new TimeWindow(start(session), end(session));
    }
}
