package io.tally.engine.session;

import io.tally.aggregate.DamagedException;
import io.tally.aggregate.StateInput;
import io.tally.aggregate.StateOutput;
import io.tally.engine.row.Aggregates;
import io.tally.engine.row.FormerEntryException;
import io.tally.engine.row.StateEntry;
import io.tally.window.Emission;
import io.tally.window.TimeWindow;
import io.tally.window.WindowSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * The view of a session as an entry. Before the accumulators come the time of its last event, counted from its start,
 * and with revisions, their number and the oldest change that no row has shown. After the accumulators come, for
 * sessions with revisions, the windows of the rows that stand for the session.
 */
public final class SessionEntry implements StateEntry {
    /**
     * Numbers before the windows: no row stands for the session; one of its own window does; this number or more, see
     * {@link io.tally.checkpoint.StateFormat}.
     */
    private static final int NONE = 0;

    private static final int ITS_OWN = 1;

    private final SessionRule rule;
    private final Aggregates aggregates;
    private final boolean revised;
    /** Whether rows leave before a session closes. */
    private final boolean updates;

    private Session session;
    private long start;

    public SessionEntry(SessionRule rule, Aggregates aggregates, WindowSpec spec) {
        this.rule = rule;
        this.aggregates = aggregates;
        this.revised = spec.hasRevisions();
        this.updates = spec.emission() == Emission.UPDATES;
        this.session = new Session(new byte[0], 0, aggregates.newAccumulators(), 0, 0);
    }

    /** Shows the session as it is. */
    public SessionEntry at(Session session) {
        this.session = session;
        this.start = rule.entryStart(session);
        return this;
    }

    /** Shows the session under the name that it has in the state topic. */
    public SessionEntry stored(Session session) {
        this.session = session;
        this.start = session.storedStart;
        return this;
    }

    @Override
    public long sliceStart() {
        return start;
    }

    @Override
    public int ordinal() {
        return 0;
    }

    @Override
    public long appliedUpTo() {
        return session.appliedUpTo;
    }

    @Override
    public long revision() {
        return session.revision;
    }

    @Override
    public long storedRevision() {
        return session.storedRevision;
    }

    @Override
    public void writeKey(StateOutput out) {
        out.writeRaw(session.key, 0, session.key.length);
    }

    @Override
    public void writeAccumulators(StateOutput out) {
        out.writeSigned(session.last - start);
        if (revised) {
            out.writeUnsigned(session.revision);
            // The offset plus one, so that 0, a single byte, means none.
            out.writeUnsigned(session.unsentSince == Session.NOTHING_UNSENT ? 0 : session.unsentSince + 1);
        }
        aggregates.write(session.accumulators, out);
        if (hasShown()) {
            writeShown(out);
        }
    }

    /**
     * Reads what {@link #writeAccumulators} wrote, to the end, into a session of this start.
     *
     * @param watermark the watermark when it was written
     * @throws FormerEntryException if a version wrote it that did not write which rows stand for a session, and the
     *     rest does not tell
     */
    public void readAccumulators(StateInput in, long watermark) {
        session.last = start + in.readSigned();
        if (revised) {
            session.revision = in.readUnsigned();
            session.unsentSince = in.readUnsigned() - 1;
            if (session.unsentSince < 0) {
                session.unsentSince = Session.NOTHING_UNSENT;
            }
        }
        session.hold(aggregates.read(session.accumulators, in), aggregates);
        if (hasShown()) {
            session.show(in.remaining() == 0 ? shownBefore(watermark) : readShown(in), aggregates);
        }
        in.expectEnd();
    }

    /** The windows of totals never change. */
    private boolean hasShown() {
        return revised && !rule.isTotals();
    }

    private void writeShown(StateOutput out) {
        List<TimeWindow> shown = session.shown;
        if (session.isShownAs(rule.window(session))) {
            out.writeUnsigned(ITS_OWN);
            return;
        }
        out.writeUnsigned(shown.isEmpty() ? NONE : ITS_OWN + shown.size());
        long from = start;
        for (TimeWindow window : shown) {
            out.writeUnsigned(window.start() - from);
            out.writeUnsigned(window.end() - window.start());
            from = window.end();
        }
    }

    private List<TimeWindow> readShown(StateInput in) {
        int number = in.readSize();
        if (number == NONE) {
            return List.of();
        }
        if (number == ITS_OWN) {
            return List.of(rule.window(session));
        }
        List<TimeWindow> shown = new ArrayList<>();
        long from = start;
        for (int i = ITS_OWN; i < number; i++) {
            long begin = from + in.readCount();
            boolean backwards = begin < from;
            from = begin + in.readCount();
            if (backwards || from <= begin || from > rule.end(session)) {
                throw new DamagedException("a row from " + begin + " to " + from
                        + " ms that stands for the session from " + start + " to " + rule.end(session) + " ms");
            }
            shown.add(new TimeWindow(begin, from));
        }
        return List.copyOf(shown);
    }

    /** The windows of the rows that such an older version must have sent. */
    private List<TimeWindow> shownBefore(long watermark) {
        if (session.revision == 0) {
            return List.of();
        }
        boolean open = rule.end(session) > watermark;
        if (open && (!updates || session.unsentSince != Session.NOTHING_UNSENT)) {
            throw new FormerEntryException("the session that starts at " + start + " ms and ends at "
                    + rule.end(session) + " ms has changed since its last row, whose window it does not tell");
        }
        return List.of(rule.window(session));
    }
}
