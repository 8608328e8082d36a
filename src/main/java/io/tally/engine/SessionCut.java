package io.tally.engine;

import io.tally.engine.row.Aggregates;
import io.tally.engine.row.RowTable;
import io.tally.engine.session.Session;
import io.tally.engine.session.SessionChanges;
import io.tally.engine.session.SessionEntry;
import io.tally.engine.session.SessionRule;
import java.util.List;

/** The consistent cut of all sessions that the state topic holds. */
final class SessionCut {
    private final SessionRule rule;
    private final Aggregates aggregates;
    private final SessionEntry view;
    private final SessionChanges changes;
    private long offset;
    private long watermark = WindowEngine.NO_WATERMARK;

    /** @param changes since the cut */
    SessionCut(SessionRule rule, Aggregates aggregates, SessionEntry view, SessionChanges changes) {
        this.rule = rule;
        this.aggregates = aggregates;
        this.view = view;
        this.changes = changes;
    }

    /** The offset of the cut: it contains the records before that. */
    long offset() {
        return offset;
    }

    /** The watermark after the last record that the cut contains. */
    long watermark() {
        return watermark;
    }

    /** Takes over the cut where another owner has left it. */
    void restore(long restoredOffset, long restoredWatermark) {
        offset = restoredOffset;
        watermark = restoredWatermark;
    }

    /**
     * As {@link EngineCheckpoint#checkpoint}.
     *
     * @param now the watermark of this moment
     */
    int move(long now, long dirtyBefore, long appliedUpTo, int limit, WindowOutput output, CheckpointOutput entries) {
        // Updates may leave right at the cut. With no record in between, no replay would pass them.
        boolean changedThere = offset == appliedUpTo && changes.size() > 0;
        if (dirtyBefore <= offset && changes.size() < limit && !changedThere) {
            return 0;
        }
        List<Session> changed = changes.take();
        // Tombstones come first: an entry may take the name of one that is gone.
        for (Session session : changed) {
            if (session.isWritten() && (session.gone || session.storedStart != rule.entryStart(session))) {
                output.forget(view.stored(session));
                session.appliedUpTo = RowTable.NEVER;
                if (session.gone) {
                    session.release(aggregates);
                }
            }
        }
        int written = 0;
        for (Session session : changed) {
            if (!session.gone) {
                entries.write(view.at(session), appliedUpTo);
                session.appliedUpTo = appliedUpTo;
                session.storedStart = rule.entryStart(session);
                session.storedRevision = session.revision;
                written++;
            }
        }
        offset = appliedUpTo;
        watermark = now;
        return written;
    }
}
