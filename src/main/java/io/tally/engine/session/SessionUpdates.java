package io.tally.engine.session;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * The changes of sessions that no row has shown, oldest first; some of them have been shown meanwhile, and some have to
 * wait for their turn.
 */
public final class SessionUpdates {
    private final PriorityQueue<Change> changes = new PriorityQueue<>(Comparator.comparingLong(Change::since));
    private final boolean inTurn;

    private record Change(Session session, long since) {}

    public SessionUpdates(SessionRule rule) {
        inTurn = rule.isInTurn();
    }

    private boolean isDue(Change change) {
        Session session = change.session;
        return !session.gone && session.unsentSince == change.since && !(inTurn && session.older != null);
    }

    /** Takes note that the session changed, unless an older change waits already. */
    public void changed(Session session, long offset) {
        if (offset < session.unsentSince) {
            session.unsentSince = offset;
            changes.add(new Change(session, offset));
        }
    }

    /** Takes in what a session has not shown: of one that was restored, or whose turn it is. */
    public void enter(Session session) {
        if (session.unsentSince != Session.NOTHING_UNSENT) {
            changes.add(new Change(session, session.unsentSince));
        }
    }

    /** Offset of the oldest change, {@link Session#NOTHING_UNSENT} if none. */
    public long oldest() {
        while (!changes.isEmpty() && !isDue(changes.element())) {
            changes.remove();
        }
        return changes.isEmpty() ? Session.NOTHING_UNSENT : changes.element().since();
    }

    /** Takes the sessions whose oldest change lies before an offset, oldest first; whoever gets them sends them. */
    public List<Session> take(long before) {
        List<Session> taken = new ArrayList<>();
        while (oldest() < before) {
            Session session = changes.remove().session();
            // Since it may be here twice.
            session.unsentSince = Session.NOTHING_UNSENT;
            taken.add(session);
        }
        return taken;
    }
}
