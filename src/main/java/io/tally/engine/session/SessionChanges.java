package io.tally.engine.session;

import java.util.ArrayList;
import java.util.List;

/** The sessions that the state topic has in another form, in no particular order. */
public final class SessionChanges {
    private final List<Session> changed = new ArrayList<>();

    public int size() {
        return changed.size();
    }

    public void add(Session session) {
        if (session.dirtyAt == Session.CLEAN) {
            session.dirtyAt = changed.size();
            changed.add(session);
        }
    }

    /** Nothing has to be written of a session after all. */
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

    /** Takes all of them; whoever gets them writes them. */
    public List<Session> take() {
        List<Session> taken = List.copyOf(changed);
        taken.forEach(session -> session.dirtyAt = Session.CLEAN);
        changed.clear();
        return taken;
    }
}
