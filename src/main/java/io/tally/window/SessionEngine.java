package io.tally.window;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sessions of a key, and running totals that end when a key falls silent. An event joins the session that it lies less
 * than the gap from; one that lies so between two sessions makes them one. Rows of closing sessions leave in the order
 * of their ends, then of their keys.
 *
 * <p>Which sessions an event joins depends on those that were still there, so on the watermark of that moment: a replay
 * could not tell. Therefore every checkpoint writes all that changed, and recovery needs no replay. A session that
 * begins earlier than before gets another name in the state topic; the entry of the old name is deleted.
 */
final class SessionEngine implements WindowEngine {
    private final long grace;
    private final long lateness;
    private final boolean updates;
    private final long maxEntries;
    private final SessionEntry view;
    private final PartialReader partials;
    // Package-private for the tests' view of the engine.
    final SessionRule rule;
    final Aggregates aggregates;
    final boolean revised;
    final SessionTable table = new SessionTable();

    private final SessionAgenda agenda = new SessionAgenda();
    private final List<Session> found = new ArrayList<>();
    /** What the next checkpoint writes, in the order in which it came to be dirty. */
    private final List<Session> dirty = new ArrayList<>();

    private final SessionUpdates unsent = new SessionUpdates();

    private long watermark = NO_WATERMARK;
    private long dirtySince = NOTHING_DIRTY;
    private int closed;

    SessionEngine(WindowSpec spec, SessionRule rule, Aggregates aggregates, long maxEntries) {
        this.rule = rule;
        this.grace = spec.grace().toMillis();
        this.lateness = spec.allowedLateness().toMillis();
        this.updates = spec.emission() == Emission.UPDATES;
        this.revised = spec.hasRevisions();
        this.maxEntries = maxEntries;
        this.aggregates = aggregates;
        this.view = new SessionEntry(rule, aggregates, revised);
        this.partials = new PartialReader(aggregates);
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
        return rule.joinsAll() ? 0 : table.size() - closed;
    }

    @Override
    public long oldestOpenWindow() {
        return agenda.nextStart();
    }

    @Override
    public void advance(long time, WindowOutput output) {
        advanceWatermark(time - grace, output);
    }

    @Override
    public void advanceWatermark(long candidate, WindowOutput output) {
        if (candidate > watermark) {
            watermark = candidate;
            close(agenda.take(candidate), output);
        }
    }

    @Override
    public void closeAll(WindowOutput output) {
        if (openWindows() > 0) {
            long[] end = {NO_WATERMARK};
            table.forEach(session -> end[0] = Math.max(end[0], rule.end(session)));
            advanceWatermark(end[0], output);
        }
    }

    /** Sends the rows of the sessions that have ended and drops what expired; the others come up again. */
    private void close(List<Session> due, WindowOutput output) {
        List<Session> ended = new ArrayList<>();
        for (Session session : due) {
            if (rule.end(session) <= watermark) {
                ended.add(session);
            } else {
                agenda.by(rule.end(session), session);
            }
        }
        ended.sort(SessionAgenda.BY_END);
        for (Session session : ended) {
            if (!session.closed) {
                setClosed(session, true);
                emit(session, output);
                markDirty(session);
            } else if (session.unsentSince != Session.NOTHING_UNSENT && isExpired(rule.end(session))) {
                // Updates leave with the checkpoint; what goes before has no other moment.
                emit(session, output);
            }
        }
        for (Session session : ended) {
            if (isExpired(rule.end(session))) {
                drop(session, output);
            } else {
                agenda.by(rule.end(session) + lateness, session);
            }
        }
    }

    @Override
    public long windowStart(long time) {
        return time;
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
        Session session = session(event.keyBuffer(), event.keyStart(), event.keyLength(), time, time, output);
        if (session == null) {
            return false;
        }
        aggregates.add(session.accumulators, event);
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
                output);
        if (session == null) {
            return false;
        }
        aggregates.merge(session.accumulators, accumulators);
        changed(session, offset, output);
        return true;
    }

    /** The session that events of these times belong to, widened by them, or null if they are late. */
    private @Nullable Session session(byte[] key, int start, int length, long min, long max, WindowOutput output) {
        int hash = KeyHash.of(key, start, length);
        table.find(rule, hash, key, start, length, min, max, found);
        if (found.isEmpty()) {
            if (isExpired(max + rule.gap())) {
                return null;
            }
            if (table.size() >= maxEntries) {
                throw new EntryLimitExceededException(maxEntries, openWindows());
            }
            byte[] copy = Arrays.copyOfRange(key, start, start + length);
            Session session = new Session(copy, hash, aggregates.newAccumulators(), min, max);
            table.add(session);
            return session;
        }
        Session session = found.get(0);
        for (Session bridged : found.subList(1, found.size())) {
            bridge(session, bridged, output);
        }
        session.first = Math.min(session.first, min);
        session.last = Math.max(session.last, max);
        if (session.isWritten() && session.storedStart != rule.start(session)) {
            output.forget(view.stored(session));
            session.appliedUpTo = RowTable.NEVER;
        }
        return session;
    }

    /** Makes a later session part of an earlier one. */
    private void bridge(Session session, Session later, WindowOutput output) {
        aggregates.merge(session.accumulators, later.accumulators);
        session.last = Math.max(session.last, later.last);
        session.revision = Math.max(session.revision, later.revision);
        unsent.changed(session, later.unsentSince);
        drop(later, output);
    }

    private void drop(Session session, WindowOutput output) {
        setClosed(session, false);
        table.remove(session);
        session.gone = true;
        if (session.isWritten()) {
            output.forget(view.stored(session));
        }
    }

    /**
     * Takes note that a session changed; a correction leaves at once unless updates leave with the checkpoint anyway.
     */
    private void changed(Session session, long offset, WindowOutput output) {
        long end = rule.end(session);
        setClosed(session, end <= watermark);
        agenda.by(session.closed ? end + lateness : end, session);
        dirtySince = Math.min(dirtySince, offset);
        markDirty(session);
        if (updates) {
            unsent.changed(session, offset);
        } else if (session.closed) {
            emit(session, output);
        }
    }

    private void setClosed(Session session, boolean isClosed) {
        if (session.closed != isClosed) {
            session.closed = isClosed;
            closed += isClosed ? 1 : -1;
        }
    }

    private void markDirty(Session session) {
        if (!session.dirty) {
            session.dirty = true;
            dirty.add(session);
        }
    }

    /** Sends a session's row, in its next revision if there are any. */
    private void emit(Session session, WindowOutput output) {
        long start = rule.start(session);
        @Nullable Object[] values = aggregates.results(session.accumulators);
        byte[] key = session.key.clone();
        if (revised) {
            session.revision++;
            session.unsentSince = Session.NOTHING_UNSENT;
            output.result(new WindowResult(start, rule.end(session), key, values, session.revision, session.closed));
        } else {
            output.result(new WindowResult(start, rule.end(session), key, values));
        }
    }

    @Override
    public long recoveryOffset() {
        return dirtySince;
    }

    @Override
    public long oldestUnsent() {
        return unsent.oldest();
    }

    @Override
    public int checkpoint(long dirtyBefore, long appliedUpTo, int limit, WindowOutput rows, CheckpointOutput entries) {
        if (updates) {
            sendCorrections(rows);
        }
        int written = 0;
        for (Session session : dirty) {
            if (!session.gone) {
                entries.write(view.at(session), appliedUpTo);
                session.appliedUpTo = appliedUpTo;
                session.storedStart = rule.start(session);
                session.storedRevision = session.revision;
                session.dirty = false;
                written++;
            }
        }
        dirty.clear();
        dirtySince = NOTHING_DIRTY;
        return written;
    }

    @Override
    public long sendUpdates(long changedBefore, int limit, WindowOutput rows) {
        List<Session> taken = unsent.take(changedBefore);
        for (Session session : taken) {
            emit(session, rows);
            markDirty(session);
        }
        return taken.isEmpty() ? NOTHING_SENT : changedBefore;
    }

    /** They do not wait as the other updates do. */
    private void sendCorrections(WindowOutput rows) {
        List<Session> corrected = new ArrayList<>();
        for (Session session : dirty) {
            if (!session.gone && session.closed && session.unsentSince != Session.NOTHING_UNSENT) {
                corrected.add(session);
            }
        }
        corrected.sort(Comparator.comparingLong(session -> session.unsentSince));
        for (Session session : corrected) {
            emit(session, rows);
        }
    }

    @Override
    public boolean isCompleteInState() {
        return true;
    }

    @Override
    public void restoreWatermark(long stored) {
        watermark = stored;
    }

    @Override
    public long restoreEntry(
            long sliceStart,
            int ordinal,
            byte[] key,
            int keyStart,
            int keyLength,
            long appliedUpTo,
            StateInput accumulators) {
        byte[] copy = Arrays.copyOfRange(key, keyStart, keyStart + keyLength);
        int hash = KeyHash.of(copy, 0, keyLength);
        Session session = new Session(copy, hash, aggregates.newAccumulators(), sliceStart, sliceStart);
        if (ordinal != 0 || rule.start(session) != sliceStart) {
            throw new IllegalStateException("an entry with start " + sliceStart + " and number " + ordinal
                    + ", which no session of this pipeline has: the state was written with other windows");
        }
        view.at(session).readAccumulators(accumulators);
        if (isExpired(rule.end(session))) {
            throw new IllegalStateException("an entry of the session that starts at " + sliceStart + " ms and ends at "
                    + rule.end(session) + " ms, which had closed");
        }
        table.find(rule, hash, copy, 0, keyLength, session.first, session.last, found);
        if (!found.isEmpty()) {
            throw new IllegalStateException("two entries for the same key that are one session, from " + sliceStart
                    + " and from " + found.get(0).first);
        }
        session.appliedUpTo = appliedUpTo;
        session.storedStart = sliceStart;
        session.storedRevision = session.revision;
        table.add(session);
        return session.revision;
    }

    @Override
    public void replay(Event event, long offset) {
        throw noReplay(offset);
    }

    @Override
    public void replayPartial(Partial partial, long offset) {
        throw noReplay(offset);
    }

    @Override
    public void replayUpdates(long changedBefore) {
        throw noReplay(changedBefore);
    }

    private static IllegalStateException noReplay(long offset) {
        return new IllegalStateException(
                "sessions are complete in the state topic, but are to replay offset " + offset);
    }

    @Override
    public void completeRestore() {
        table.forEach(session -> {
            long end = rule.end(session);
            setClosed(session, end <= watermark);
            agenda.by(session.closed ? end + lateness : end, session);
            unsent.restore(session);
        });
    }

    private boolean isExpired(long end) {
        return end <= watermark && watermark - end >= lateness;
    }
}
