package io.tally.engine;

import io.tally.aggregate.Event;
import io.tally.aggregate.StateInput;
import io.tally.engine.partial.Partial;
import io.tally.engine.row.KeyHash;
import io.tally.engine.row.StateEntry;
import io.tally.engine.session.Session;
import java.util.Arrays;

/** Rebuilds a {@link SessionEngine}: from the last cut on, all that happened happens once more. */
final class SessionRestore implements EngineRestore {
    /** Rows that are run again have left before, and were within the limit of entries. */
    private static final WindowOutput LEFT = new WindowOutput() {
        @Override
        public void result(WindowResult result) {}

        @Override
        public void forget(StateEntry entry) {}

        @Override
        public boolean hasLeft() {
            return true;
        }
    };

    private final SessionEngine engine;

    SessionRestore(SessionEngine engine) {
        this.engine = engine;
    }

    @Override
    public void expired(Expired committed) {
        throw new IllegalStateException(committed.rows() + " rows have expired, but sessions expire with a cut");
    }

    @Override
    public long entry(
            long sliceStart,
            int ordinal,
            byte[] key,
            int keyStart,
            int keyLength,
            long appliedUpTo,
            StateInput accumulators) {
        byte[] copy = Arrays.copyOfRange(key, keyStart, keyStart + keyLength);
        int hash = KeyHash.of(copy, 0, keyLength);
        Session session = Session.of(copy, hash, engine.aggregates, sliceStart, sliceStart);
        if (appliedUpTo > engine.recoveryOffset()) {
            throw new IllegalStateException("an entry that is applied up to offset " + appliedUpTo
                    + ", beyond the recovery offset " + engine.recoveryOffset());
        }
        if (ordinal != 0 || engine.rule.entryStart(session) != sliceStart) {
            throw new IllegalStateException("an entry with start " + sliceStart + " and number " + ordinal
                    + ", which no session of this pipeline has: the state was written with other windows");
        }
        engine.view.at(session).readAccumulators(accumulators, engine.watermark());
        if (engine.rule.isTooOld(session.first, session.last)) {
            throw new IllegalStateException("an entry of a total that begins at the watermark " + session.first
                    + " ms, by which it had ended with its last event at " + session.last + " ms");
        }
        if (engine.isExpired(engine.rule.end(session))) {
            throw new IllegalStateException("an entry of the session that starts at " + sliceStart + " ms and ends at "
                    + engine.rule.end(session) + " ms, which had closed");
        }
        engine.table.find(engine.rule, hash, copy, 0, keyLength, session.first, session.last, engine.found);
        if (!engine.found.isEmpty()) {
            throw new IllegalStateException("two entries for the same key that are one session, from " + sliceStart
                    + " and from " + engine.found.get(0).first);
        }
        session.appliedUpTo = appliedUpTo;
        session.storedStart = sliceStart;
        session.storedRevision = session.revision;
        engine.table.add(session);
        engine.makeAppointment(session);
        engine.unsent.enter(session);
        return session.revision;
    }

    @Override
    public void advance(long time) {
        engine.advance(time, LEFT);
    }

    @Override
    public void advanceWatermark(long watermark) {
        engine.advanceWatermark(watermark, LEFT);
    }

    @Override
    public void closeAll() {
        engine.closeAll(LEFT);
    }

    @Override
    public void replay(Event event, long offset) {
        engine.fold(event, offset, LEFT);
    }

    @Override
    public void replayPartial(Partial partial, long offset) {
        engine.foldPartial(partial, offset, LEFT);
    }

    @Override
    public void replayEarlyRows(long changedBefore) {
        if (!engine.updates) {
            throw new IllegalStateException("rows leave when their session closes, but are to have left before");
        }
        engine.earlyRows().send(changedBefore, Integer.MAX_VALUE, LEFT);
    }

    @Override
    public void complete(int rowsLeft) {
        if (rowsLeft > 0) {
            throw new IllegalStateException(
                    rowsLeft + " rows of a window have left before the others, which sessions do not do");
        }
    }
}
