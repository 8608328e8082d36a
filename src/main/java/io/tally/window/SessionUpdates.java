package io.tally.window;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** The changes of sessions that no row has shown, oldest first; some of them have been shown meanwhile. */
final class SessionUpdates {
    private final PriorityQueue<Change> changes = new PriorityQueue<>(Comparator.comparingLong(Change::since));

    private record Change(Session session, long since) {
        boolean isUnsent() {
            return !session.gone && session.unsentSince == since;
        }
    }

    /** Takes note that the session changed, unless an older change waits already. */
    void changed(Session session, long offset) {
        if (offset < session.unsentSince) {
            session.unsentSince = offset;
            changes.add(new Change(session, offset));
        }
    }

    /** Takes a restored session's change back in, if it has one. */
    void restore(Session session) {
        if (session.unsentSince != Session.NOTHING_UNSENT) {
            changes.add(new Change(session, session.unsentSince));
        }
    }

    /** Offset of the oldest change, {@link Session#NOTHING_UNSENT} if none. */
    long oldest() {
        while (!changes.isEmpty() && !changes.element().isUnsent()) {
            changes.remove();
        }
        return changes.isEmpty() ? Session.NOTHING_UNSENT : changes.element().since();
    }

    /** Takes the sessions whose oldest change lies before an offset, oldest first; whoever gets them sends them. */
    List<Session> take(long before) {
        List<Session> taken = new ArrayList<>();
        while (oldest() < before) {
            taken.add(changes.remove().session());
        }
        return taken;
    }
}
