package io.tally.engine.session;

import io.tally.window.TimeWindow;
import java.time.Duration;

/**
 * Which events of a key belong together.
 *
 * <p>A total with a ttl takes every event while it lives. Where the events of several source partitions meet, each
 * event goes by the watermark that its own partition had at the event. A total lives from the watermark at its first
 * event until the watermark reaches its last event plus the ttl. It takes the events whose watermarks lie between. So
 * such totals are sessions whose beginning is measured in watermarks. Which events form a total depends neither on how
 * they were merged before, nor on the order in which they meet.
 *
 * @param gap how long after its last event a session ends, in milliseconds of event time, at least 1
 * @param form what kind of sessions there are
 */
public record SessionRule(long gap, Form form) {
    private enum Form {
        SESSIONS,
        /** At most one total of each key, which takes any event. */
        TOTALS,
        /** Totals of a key follow one another; {@link Session#first} is the watermark at the first event. */
        TOTALS_IN_TURN
    }

    public static SessionRule sessions(Duration gap) {
        return new SessionRule(gap.toMillis(), Form.SESSIONS);
    }

    /** Totals of events that come in the order of their watermarks. */
    public static SessionRule totals(Duration ttl) {
        return new SessionRule(ttl.toMillis(), Form.TOTALS);
    }

    /** Totals of partials in any order, each with the watermark at its first event. */
    public static SessionRule totalsInTurn(Duration ttl) {
        return new SessionRule(ttl.toMillis(), Form.TOTALS_IN_TURN);
    }

    public boolean isTotals() {
        return form != Form.SESSIONS;
    }

    /** Whether only the oldest session of a key may have rows, since rows of the others would replace its rows. */
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
            // Events that are too old to begin a total can still join one that exists.
            case TOTALS_IN_TURN -> session.first < Math.max(last + gap, first + 1) && first < session.last + gap;
        };
    }

    /** No session that begins at this bound or later takes these events; arguments as above. */
    long bound(long first, long last) {
        return form == Form.TOTALS ? Long.MAX_VALUE : Math.max(last + gap, first + 1);
    }

    /** Whether events are too old to begin a session, whatever has closed; arguments as above. */
    public boolean isTooOld(long first, long last) {
        return form == Form.TOTALS_IN_TURN && last + gap <= first;
    }

    /** Start of the session's window; totals have none. */
    public long start(Session session) {
        return isTotals() ? 0 : session.first;
    }

    /** The number that tells the session from others of its key in the state topic. */
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
