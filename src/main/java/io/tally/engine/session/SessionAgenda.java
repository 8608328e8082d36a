package io.tally.engine.session;

import io.tally.window.Windowing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * When to look at which session again. A session that grows keeps its old appointment, and makes a later one when that
 * comes. So most records do not touch the queue.
 */
public final class SessionAgenda {
    /** The order in which sessions close: by last event, then by key. */
    private static final Comparator<Session> BY_END = Comparator.<Session>comparingLong(session -> session.last)
            .thenComparing(session -> session.key, Arrays::compareUnsigned);

    private record Appointment(long time, Session session) {}

    private final PriorityQueue<Appointment> appointments =
            new PriorityQueue<>(Comparator.comparingLong(Appointment::time));

    /** Makes sure that the session comes up at this time or before. */
    public void by(long time, Session session) {
        if (time < session.due) {
            session.due = time;
            appointments.add(new Appointment(time, session));
        }
    }

    /** When the next session comes up, {@link Windowing#NEVER} if none does. */
    public long next() {
        return appointments.isEmpty() ? Windowing.NEVER : appointments.peek().time;
    }

    /**
     * The sessions that come up until a time and have ended by then, by their ends. Those that have grown come up
     * again.
     */
    public List<Session> takeEnded(long until, SessionRule rule) {
        List<Session> ended = new ArrayList<>();
        for (Session session : take(until)) {
            if (rule.end(session) <= until) {
                ended.add(session);
            } else {
                by(rule.end(session), session);
            }
        }
        ended.sort(BY_END);
        return ended;
    }

    private List<Session> take(long until) {
        if (appointments.isEmpty() || appointments.peek().time > until) {
            return List.of();
        }
        List<Session> taken = new ArrayList<>();
        for (Appointment next = appointments.peek(); next != null && next.time <= until; next = appointments.peek()) {
            appointments.remove();
            Session session = next.session;
            if (!session.gone && session.due == next.time) {
                session.due = Windowing.NEVER;
                taken.add(session);
            }
        }
        return taken;
    }

    /** Start of the session that comes up next by the queue. A session that has grown may really end later. */
    public long nextStart() {
        for (Appointment next = appointments.peek(); next != null; next = appointments.peek()) {
            if (!next.session.gone) {
                return next.session.first;
            }
            appointments.remove();
        }
        throw new IllegalStateException("no session is open");
    }
}
