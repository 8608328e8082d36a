package io.tally.window;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A row per session as far as these events make one; what lies between them may come from other sources. */
final class SessionCombiner implements Combiner {
    private final SessionRule rule;
    private final Aggregates aggregates;
    private final List<Session> found = new ArrayList<>();
    /** In the order in which they began to be, those included that are gone. */
    private final List<Session> sessions = new ArrayList<>();

    private SessionTable table = new SessionTable();

    SessionCombiner(SessionRule rule, Aggregates aggregates) {
        this.rule = rule;
        this.aggregates = aggregates;
    }

    @Override
    public void fold(Event event) {
        if (aggregates.mayRefuse()) {
            prepare(event);
        }
        aggregates.add(sessionOf(event).accumulators, event);
    }

    private void prepare(Event event) {
        int start = event.keyStart();
        int length = event.keyLength();
        long time = event.time();
        int hash = KeyHash.of(event.keyBuffer(), start, length);
        table.find(rule, hash, event.keyBuffer(), start, length, time, time, found);
        if (found.isEmpty()) {
            aggregates.prepareNew(event);
        } else if (found.size() == 1) {
            aggregates.prepare(found.get(0).accumulators, event);
        } else {
            Accumulators joined = aggregates.newAccumulators();
            found.forEach(session -> aggregates.merge(joined, session.accumulators));
            aggregates.prepare(joined, event);
        }
    }

    private Session sessionOf(Event event) {
        int start = event.keyStart();
        int length = event.keyLength();
        long time = event.time();
        int hash = KeyHash.of(event.keyBuffer(), start, length);
        table.find(rule, hash, event.keyBuffer(), start, length, time, time, found);
        if (found.isEmpty()) {
            byte[] key = Arrays.copyOfRange(event.keyBuffer(), start, start + length);
            Session session = new Session(key, hash, aggregates.newAccumulators(), time, time);
            table.add(session);
            sessions.add(session);
            return session;
        }
        Session session = found.get(0);
        for (Session bridged : found.subList(1, found.size())) {
            aggregates.merge(session.accumulators, bridged.accumulators);
            session.last = Math.max(session.last, bridged.last);
            table.remove(bridged);
            bridged.gone = true;
        }
        session.first = Math.min(session.first, time);
        session.last = Math.max(session.last, time);
        return session;
    }

    @Override
    public long entries() {
        return table.size();
    }

    @Override
    public void takePartials(PartialOutput output) {
        for (Session session : sessions) {
            if (!session.gone) {
                output.partial(new View(session));
            }
        }
        sessions.clear();
        table = new SessionTable();
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
