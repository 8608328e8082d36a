package io.tally.engine;

import io.tally.engine.session.Session;
import io.tally.engine.session.SessionChanges;
import io.tally.engine.session.SessionUpdates;
import java.util.List;

/** Rows of sessions that leave before their session ends. */
final class EarlySessions implements EarlyRows {
    private final SessionUpdates unsent;
    private final SessionRows rows;
    private final SessionChanges changes;

    /**
     * As parts of an engine.
     *
     * @param unsent changes that no row has shown
     * @param changes what the next checkpoint writes
     */
    EarlySessions(SessionUpdates unsent, SessionRows rows, SessionChanges changes) {
        this.unsent = unsent;
        this.rows = rows;
        this.changes = changes;
    }

    @Override
    public long oldestUnsent() {
        return unsent.oldest();
    }

    @Override
    public long send(long changedBefore, int limit, WindowOutput output) {
        List<Session> taken = unsent.take(changedBefore);
        for (Session session : taken) {
            rows.leave(session, output);
            changes.add(session);
        }
        return taken.isEmpty() ? WindowEngine.NOTHING_SENT : changedBefore;
    }
}
