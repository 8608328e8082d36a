package io.tally.engine;

import io.tally.aggregate.Event;
import io.tally.engine.partial.Partial;
import io.tally.engine.partial.PartialReader;
import io.tally.engine.row.Accumulators;
import io.tally.engine.row.Aggregates;
import io.tally.engine.row.KeyHash;
import io.tally.engine.session.Session;
import io.tally.engine.session.SessionAgenda;
import io.tally.engine.session.SessionChanges;
import io.tally.engine.session.SessionEntry;
import io.tally.engine.session.SessionRule;
import io.tally.engine.session.SessionTable;
import io.tally.engine.session.SessionUpdates;
import io.tally.heap.EntryLimitExceededException;
import io.tally.window.Emission;
import io.tally.window.WindowSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sessions of a key, and running totals that end when a key falls silent ({@link SessionRule}). An event joins a
 * session if less than the gap lies between them. An event that joins two sessions makes them one. Rows of closing
 * sessions leave in the order of their ends, then of their keys.
 *
 * <p>Which sessions an event joins depends on those that are still there, so on the watermark of that moment. Therefore
 * the state topic holds a consistent cut of all sessions. A checkpoint moves the cut: it writes all that changed,
 * tombstones included, in one transaction. Between two checkpoints nothing is written. A recovery runs the records
 * since the cut once more, as state machine replication does. So a session that is born and gone between two cuts is
 * never written. A session that begins earlier than before gets another name in the state topic; the entry of the old
 * name is deleted.
 */
final class SessionEngine implements WindowEngine {
    private final long grace;
    private final long lateness;
    final boolean updates;
    private final long maxEntries;
    private final SessionRows rows;
    private final PartialReader partials;
    final SessionEntry view;
    final SessionRule rule;
    final Aggregates aggregates;
    final SessionTable table;

    private final SessionAgenda agenda = new SessionAgenda();
    final List<Session> found = new ArrayList<>();
    final SessionChanges changes = new SessionChanges();
    private final SessionCut cut;
    private final EarlyRows early;
    final SessionUpdates unsent;

    private long watermark = NO_WATERMARK;
    private long target = NO_WATERMARK;
    private int closed;
    /** How many will have closed at a target, and at which. */
    private int toClose;

    private long countedFor = NO_WATERMARK;

    SessionEngine(WindowSpec spec, SessionRule rule, Aggregates aggregates, long maxEntries) {
        this.rule = rule;
        this.grace = spec.grace().toMillis();
        this.lateness = spec.allowedLateness().toMillis();
        this.updates = spec.emission() == Emission.UPDATES;
        this.maxEntries = maxEntries;
        this.aggregates = aggregates;
        this.table = new SessionTable(aggregates.account());
        this.view = new SessionEntry(rule, aggregates, spec);
        this.cut = new SessionCut(rule, aggregates, view, changes);
        this.rows = new SessionRows(rule, aggregates, spec.hasRevisions());
        this.partials = new PartialReader(aggregates);
        this.unsent = new SessionUpdates(rule);
        this.early = new EarlySessions(unsent, rows, changes);
    }

    @Override
    public long watermark() {
        return watermark;
    }

    @Override
    public long openEntries() {
        return table.size();
    }

    @Override
    public int openWindows() {
        return rule.isTotals() ? 0 : table.size() - closed;
    }

    @Override
    public long oldestOpenWindow() {
        return agenda.nextStart();
    }

    @Override
    public boolean showOpen(int limit, WindowVisitor visitor) {
        return rule.isTotals() || SessionGroups.show(table, rule, limit, visitor);
    }

    @Override
    public long target() {
        return target;
    }

    /** Counted once for each target. Nothing is folded on the way there, so from then on they only become fewer. */
    @Override
    public int windowsToClose() {
        if (countedFor != target) {
            toClose = 0;
            table.forEach(session -> toClose += !session.closed && rule.end(session) <= target ? 1 : 0);
            countedFor = target;
        }
        return toClose;
    }

    /** Sessions of the same end leave together, so that none of the next end has left. */
    @Override
    public int rowsLeft() {
        return 0;
    }

    @Override
    public boolean advance(long time, WindowOutput output) {
        long candidate = time - grace;
        if (candidate <= watermark) {
            return true;
        }
        if (candidate < agenda.next()) {
            watermark = candidate;
            return true;
        }
        aim(candidate);
        return catchUp(output);
    }

    @Override
    public void aim(long candidate) {
        target = Math.max(target, candidate);
    }

    @Override
    public void aimAtAll() {
        if (openWindows() > 0) {
            long[] end = {NO_WATERMARK};
            table.forEach(session -> end[0] = Math.max(end[0], rule.end(session)));
            aim(end[0]);
        }
    }

    @Override
    public boolean catchUp(WindowOutput output) {
        while (agenda.next() <= target) {
            long time = agenda.next();
            List<Session> ended = agenda.takeEnded(time, rule);
            if (!output.hasRoom(changes.gone())
                    && ended.stream().anyMatch(session -> !session.closed || rule.end(session) + lateness <= time)) {
                ended.forEach(session -> agenda.by(time, session));
                watermark = Math.max(watermark, time - 1);
                return false;
            }
            watermark = Math.max(watermark, time);
            close(ended, output);
        }
        watermark = Math.max(watermark, target);
        return true;
    }

    /** Sends the rows of sessions that have ended and drops what expired. */
    private void close(List<Session> ended, WindowOutput output) {
        for (Session session : ended) {
            if (!session.closed) {
                setClosed(session, true);
                toClose--;
                rows.leave(session, output);
                changes.add(session);
            }
        }
        for (Session session : ended) {
            if (isExpired(rule.end(session))) {
                drop(session);
            } else {
                agenda.by(rule.end(session) + lateness, session);
            }
        }
    }

    @Override
    public long windowStart(long time) {
        return rule.isTotals() ? 0 : time;
    }

    @Override
    public long windowEnd(long time) {
        return time + rule.gap();
    }

    @Override
    public boolean fold(Event event, long offset, WindowOutput output) {
        long time = event.time();
        if (aggregates.mayRefuse() && !prepare(event)) {
            return false;
        }
        Session session = session(event.keyBuffer(), event.keyStart(), event.keyLength(), time, time, offset, output);
        if (session == null) {
            return false;
        }
        session.hold(aggregates.add(session.accumulators, event), aggregates);
        changed(session, offset, output);
        return true;
    }

    /** Prepares the session that the event would be in; false if it is late. */
    private boolean prepare(Event event) {
        long time = event.time();
        int start = event.keyStart();
        int length = event.keyLength();
        int hash = KeyHash.of(event.keyBuffer(), start, length);
        table.find(rule, hash, event.keyBuffer(), start, length, time, time, found);
        if (found.isEmpty()) {
            if (isExpired(time + rule.gap())) {
                return false;
            }
            aggregates.prepareNew(event);
        } else if (found.size() == 1) {
            aggregates.prepare(found.get(0).accumulators, event);
        } else {
            Accumulators bridged = aggregates.newAccumulators();
            found.forEach(session -> aggregates.merge(bridged, session.accumulators));
            aggregates.prepare(bridged, event);
        }
        return true;
    }

    @Override
    public boolean foldPartial(Partial partial, long offset, WindowOutput output) {
        Accumulators accumulators = partials.read(partial);
        Session session = session(
                partial.keyBuffer(),
                partial.keyStart(),
                partial.keyLength(),
                partial.minTime(),
                partial.maxTime(),
                offset,
                output);
        if (session == null) {
            return false;
        }
        session.hold(aggregates.merge(session.accumulators, accumulators), aggregates);
        changed(session, offset, output);
        return true;
    }

    /** The session that events of these times belong to, widened by them, or null if they are late. */
    private @Nullable Session session(
            byte[] key, int start, int length, long min, long max, long offset, WindowOutput output) {
        int hash = KeyHash.of(key, start, length);
        table.find(rule, hash, key, start, length, min, max, found);
        if (found.isEmpty()) {
            if (isExpired(max + rule.gap()) || rule.isTooOld(min, max)) {
                return null;
            }
            if (table.size() >= maxEntries && !output.hasLeft()) {
                throw new EntryLimitExceededException(maxEntries, openWindows());
            }
            byte[] copy = Arrays.copyOfRange(key, start, start + length);
            Session session = Session.of(copy, hash, aggregates, min, max);
            table.add(session);
            comeFirst(session, offset);
            return session;
        }
        Session session = found.get(0);
        for (Session bridged : found.subList(1, found.size())) {
            bridge(session, bridged);
        }
        session.first = Math.min(session.first, min);
        session.last = Math.max(session.last, max);
        return session;
    }

    /**
     * Where only the oldest session of a key shows rows, a newer session may have shown rows before this one came.
     * Those then count as rows of this one, and its next row replaces them. The newer one starts again when its turn
     * comes.
     */
    private void comeFirst(Session session, long offset) {
        Session next = session.newer;
        if (rule.isInTurn() && session.older == null && next != null && next.revision > 0) {
            session.revision = next.revision;
            next.revision = 0;
            next.unsentSince = Math.min(next.unsentSince, offset);
            changes.add(next);
        }
    }

    /** Makes a later session part of an earlier one. */
    private void bridge(Session session, Session later) {
        session.hold(aggregates.merge(session.accumulators, later.accumulators), aggregates);
        session.last = Math.max(session.last, later.last);
        session.revision = Math.max(session.revision, later.revision);
        session.addShown(later, aggregates);
        unsent.changed(session, later.unsentSince);
        drop(later);
    }

    private void drop(Session session) {
        setClosed(session, false);
        Session next = session.newer;
        table.remove(session);
        session.gone = true;
        if (rule.isInTurn() && next != null && next.older == null) {
            unsent.enter(next);
        }
        if (session.isWritten()) {
            changes.gone(session);
        } else {
            changes.remove(session);
            session.release(aggregates);
        }
    }

    /**
     * Takes note that a session changed. A correction leaves at once: by the record, so that a replay counts it again.
     */
    private void changed(Session session, long offset, WindowOutput output) {
        makeAppointment(session);
        changes.add(session);
        if (session.closed) {
            rows.leave(session, output);
        } else if (updates) {
            unsent.changed(session, offset);
        }
    }

    /** Sees to it that the session comes up when it ends or, if it has ended, when it expires. */
    void makeAppointment(Session session) {
        long end = rule.end(session);
        setClosed(session, end <= watermark);
        agenda.by(session.closed ? end + lateness : end, session);
    }

    private void setClosed(Session session, boolean isClosed) {
        if (session.closed != isClosed) {
            session.closed = isClosed;
            closed += isClosed ? 1 : -1;
        }
    }

    @Override
    public EarlyRows earlyRows() {
        return early;
    }

    @Override
    public EngineRestore restore(long recoveryOffset, long recoveryWatermark) {
        cut.restore(recoveryOffset, recoveryWatermark);
        watermark = recoveryWatermark;
        return new SessionRestore(this);
    }

    @Override
    public long recoveryOffset() {
        return cut.offset();
    }

    @Override
    public boolean writesCuts() {
        return true;
    }

    @Override
    public long recoveryWatermark() {
        return cut.watermark();
    }

    @Override
    public int checkpoint(
            long dirtyBefore, long appliedUpTo, int limit, WindowOutput output, CheckpointOutput entries) {
        return cut.move(watermark, dirtyBefore, appliedUpTo, limit, output, entries);
    }

    boolean isExpired(long end) {
        return end <= watermark && watermark - end >= lateness;
    }
}
