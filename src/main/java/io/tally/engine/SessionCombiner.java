package io.tally.engine;

import io.tally.aggregate.Event;
import io.tally.aggregate.StateOutput;
import io.tally.engine.partial.Combiner;
import io.tally.engine.partial.PartialOutput;
import io.tally.engine.partial.PartialRow;
import io.tally.engine.row.Accumulators;
import io.tally.engine.row.Aggregates;
import io.tally.engine.row.KeyHash;
import io.tally.engine.session.Session;
import io.tally.engine.session.SessionRule;
import io.tally.engine.session.SessionTable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A row per session that these events form. Other sources may have events in between, which join sessions later. For
 * totals, a row for all events that certainly belong to the same total.
 */
final class SessionCombiner implements Combiner {
    private final SessionRule rule;
    private final Aggregates aggregates;
    private final List<Session> found = new ArrayList<>();
    /** All sessions in the order in which they were made, including those that are gone. */
    private final List<Session> sessions = new ArrayList<>();

    private long gone;
    private SessionTable table;
    /**
     * By key, the newest row of events that are too old to begin a session: all of them with one watermark end up
     * together.
     */
    private final Map<ByteBuffer, Session> tooOld = new HashMap<>();

    SessionCombiner(SessionRule rule, Aggregates aggregates) {
        this.rule = rule;
        this.aggregates = aggregates;
        this.table = new SessionTable(aggregates.account());
    }

    @Override
    public void fold(Event event, long watermark) {
        long first = rule.isTotals() ? watermark : event.time();
        if (aggregates.mayRefuse()) {
            prepare(event, first);
        }
        Session session = sessionOf(event, first);
        session.hold(aggregates.add(session.accumulators, event), aggregates);
    }

    private void prepare(Event event, long first) {
        find(event, first);
        if (found.isEmpty()) {
            Session old = rule.isTooOld(first, event.time()) ? oldOf(event, first) : null;
            if (old == null) {
                aggregates.prepareNew(event);
            } else {
                aggregates.prepare(old.accumulators, event);
            }
        } else if (found.size() == 1) {
            aggregates.prepare(found.get(0).accumulators, event);
        } else {
            Accumulators joined = aggregates.newAccumulators();
            found.forEach(session -> aggregates.merge(joined, session.accumulators));
            aggregates.prepare(joined, event);
        }
    }

    private void find(Event event, long first) {
        int start = event.keyStart();
        int length = event.keyLength();
        int hash = KeyHash.of(event.keyBuffer(), start, length);
        table.find(rule, hash, event.keyBuffer(), start, length, first, event.time(), found);
    }

    private Session sessionOf(Event event, long first) {
        long time = event.time();
        find(event, first);
        if (found.isEmpty()) {
            return rule.isTooOld(first, time) ? addOld(event, first) : add(event, first);
        }
        Session session = found.get(0);
        for (Session bridged : found.subList(1, found.size())) {
            session.hold(aggregates.merge(session.accumulators, bridged.accumulators), aggregates);
            session.last = Math.max(session.last, bridged.last);
            table.remove(bridged);
            bridged.gone = true;
            gone++;
        }
        session.first = Math.min(session.first, first);
        session.last = Math.max(session.last, time);
        return session;
    }

    private Session add(Event event, long first) {
        Session session = newSession(event, first);
        table.add(session);
        return session;
    }

    private Session addOld(Event event, long first) {
        Session session = oldOf(event, first);
        if (session == null) {
            session = newSession(event, first);
            tooOld.put(ByteBuffer.wrap(session.key), session);
        }
        session.last = Math.max(session.last, event.time());
        return session;
    }

    private @Nullable Session oldOf(Event event, long first) {
        Session session = tooOld.get(ByteBuffer.wrap(event.keyBuffer(), event.keyStart(), event.keyLength()));
        return session != null && session.first == first ? session : null;
    }

    private Session newSession(Event event, long first) {
        int start = event.keyStart();
        int length = event.keyLength();
        byte[] key = Arrays.copyOfRange(event.keyBuffer(), start, start + length);
        int hash = KeyHash.of(key, 0, length);
        Session session = Session.of(key, hash, aggregates, first, event.time());
        sessions.add(session);
        return session;
    }

    @Override
    public long entries() {
        return sessions.size() - gone;
    }

    @Override
    public void takePartials(PartialOutput output) {
        for (Session session : sessions) {
            if (!session.gone) {
                output.partial(new View(session));
            }
        }
        sessions.forEach(session -> session.release(aggregates));
        sessions.clear();
        gone = 0;
        tooOld.clear();
        table.release();
        table = new SessionTable(aggregates.account());
    }

    private final class View implements PartialRow {
        private final Session session;

        View(Session session) {
            this.session = session;
        }

        @Override
        public long minTime() {
            return session.first;
        }

        @Override
        public long maxTime() {
            return session.last;
        }

        @Override
        public byte[] keyBuffer() {
            return session.key;
        }

        @Override
        public int keyStart() {
            return 0;
        }

        @Override
        public int keyLength() {
            return session.key.length;
        }

        @Override
        public void writeAccumulators(StateOutput out) {
            aggregates.write(session.accumulators, out);
        }
    }
}
