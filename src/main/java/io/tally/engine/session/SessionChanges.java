package io.tally.engine.session;

import java.util.ArrayList;
import java.util.List;

/** The sessions that differ from what the state topic has, in no particular order. */
public final class SessionChanges {
    private final List<Session> changed = new ArrayList<>();
    private int gone;

    public int size() {
        return changed.size();
    }

    public void add(Session session) {
        if (session.dirtyAt == Session.CLEAN) {
            session.dirtyAt = changed.size();
            changed.add(session);
        }
    }

    /** A session that was written is no more; its tombstone leaves with the others' changes. */
    public void gone(Session session) {
        add(session);
        gone++;
    }

    /** How many tombstones are due. */
    public int gone() {
        return gone;
    }

    /** A session need not be written after all. */
    public void remove(Session session) {
        if (session.dirtyAt != Session.CLEAN) {
            Session last = changed.remove(changed.size() - 1);
            if (last != session) {
                changed.set(session.dirtyAt, last);
                last.dirtyAt = session.dirtyAt;
            }
            session.dirtyAt = Session.CLEAN;
        }
    }

    /** Takes all of them; the caller writes them. */
    public List<Session> take() {
        List<Session> taken = List.copyOf(changed);
        taken.forEach(session -> session.dirtyAt = Session.CLEAN);
        changed.clear();
        gone = 0;
        return taken;
    }
}
