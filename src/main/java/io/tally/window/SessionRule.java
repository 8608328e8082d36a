package io.tally.window;

import java.time.Duration;

/**
 * Which events of a key belong together.
 *
 * @param gap milliseconds of event time after its last event at which a session ends, at least 1
 * @param joinsAll whether any event of the key joins what is open, however far apart; then there is no start
 */
record SessionRule(long gap, boolean joinsAll) {
    static SessionRule sessions(Duration gap) {
        return new SessionRule(gap.toMillis(), false);
    }

    static SessionRule totals(Duration ttl) {
        return new SessionRule(ttl.toMillis(), true);
    }

    boolean joins(Session session, long min, long max) {
        return joinsAll || (session.first < max + gap && min < session.last + gap);
    }

    /** Start of the window, which is part of the entry's name. */
    long start(Session session) {
        return joinsAll ? 0 : session.first;
    }

    long end(Session session) {
        return session.last + gap;
    }
}
