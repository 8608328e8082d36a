package io.tally.engine.session;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Sessions with changes that no row has shown, oldest change first. Some of these changes may have been shown
 * meanwhile, and some sessions may have to wait for their turn.
 */
public final class SessionUpdates {
    private static final Comparator<Change> IN_ORDER = Comparator.comparingLong(Change::since)
            .thenComparing(change -> change.session().key, Arrays::compareUnsigned)
            .thenComparingLong(change -> change.session().first);

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

    /** Notes that the session changed, unless an older change waits already. */
    public void changed(Session session, long offset) {
        if (offset < session.unsentSince) {
            session.unsentSince = offset;
            changes.add(new Change(session, offset));
        }
    }

    /** Enters a session with an unshown change: one that was restored, or whose turn it is. */
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

    /**
     * Takes the sessions whose oldest change lies before an offset. The oldest come first; sessions that the same
     * record changed come by key and start. The caller sends them.
     */
    public List<Session> take(long before) {
        List<Change> taken = new ArrayList<>();
        while (oldest() < before) {
            Change change = changes.remove();
            // The session may be in this queue twice.
            change.session().unsentSince = Session.NOTHING_UNSENT;
            taken.add(change);
        }
        taken.sort(IN_ORDER);
        return taken.stream().map(Change::session).toList();
    }
}
