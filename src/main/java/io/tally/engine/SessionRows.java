package io.tally.engine;

import io.tally.engine.row.Aggregates;
import io.tally.engine.session.Session;
import io.tally.engine.session.SessionRule;
import io.tally.window.TimeWindow;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the rows of sessions leave. A session changes its window as it grows, so its window does not tell which rows a
 * new row replaces. The row therefore names the windows of the rows that it replaces.
 */
final class SessionRows {
    private final SessionRule rule;
    private final Aggregates aggregates;
    /** Whether rows are counted, since a session may have several. */
    private final boolean revised;

    SessionRows(SessionRule rule, Aggregates aggregates, boolean revised) {
        this.rule = rule;
        this.aggregates = aggregates;
        this.revised = revised;
    }

    /**
     * Sends a session's row, with its next revision if rows have revisions. If it left before a restart, it is only
     * counted.
     */
    void leave(Session session, WindowOutput output) {
        List<TimeWindow> replaced = count(session);
        if (!output.hasLeft()) {
            send(session, replaced, output);
        }
    }

    private void send(Session session, List<TimeWindow> replaced, WindowOutput output) {
        long start = rule.start(session);
        long end = rule.end(session);
        byte[] key = session.key.clone();
        @Nullable Object[] values = aggregates.results(session.accumulators);
        output.result(
                revised
                        ? new WindowResult(start, end, key, values, session.revision, session.closed, replaced)
                        : new WindowResult(start, end, key, values));
    }

    /** Counts a row; gives the other windows whose rows it replaces, in the order of time. */
    private List<TimeWindow> count(Session session) {
        if (!revised) {
            return List.of();
        }
        session.revision++;
        session.unsentSince = Session.NOTHING_UNSENT;
        if (rule.isTotals() || session.isShownAs(rule.window(session))) {
            return List.of();
        }
        List<TimeWindow> replaced = session.shown;
        session.show(List.of(rule.window(session)), aggregates);
        return replaced;
    }
}
