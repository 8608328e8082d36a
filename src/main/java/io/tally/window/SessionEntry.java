package io.tally.window;

/**
 * The view of a session. In front of its accumulators come the time of its last event, counted from its start, and,
 * where there are revisions, their number and the oldest change that none of them has shown.
 */
final class SessionEntry implements StateEntry {
    private final SessionRule rule;
    private final Aggregates aggregates;
    private final boolean revised;
    private Session session;
    private long start;

    SessionEntry(SessionRule rule, Aggregates aggregates, boolean revised) {
        this.rule = rule;
        this.aggregates = aggregates;
        this.revised = revised;
        this.session = new Session(new byte[0], 0, aggregates.newAccumulators(), 0, 0);
    }

    /** The session as it is. */
    SessionEntry at(Session session) {
        this.session = session;
        this.start = rule.entryStart(session);
        return this;
    }

    /** The session under the name that the state topic has it by. */
    SessionEntry stored(Session session) {
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
            // One more than the offset, so that 0, in one byte, is nothing.
            out.writeUnsigned(session.unsentSince == Session.NOTHING_UNSENT ? 0 : session.unsentSince + 1);
        }
        aggregates.write(session.accumulators, out);
    }

    /** Reads what {@link #writeAccumulators} wrote, to the end, into a session of this start. */
    void readAccumulators(StateInput in) {
        session.last = start + in.readSigned();
        if (revised) {
            session.revision = in.readUnsigned();
            session.unsentSince = in.readUnsigned() - 1;
            if (session.unsentSince < 0) {
                session.unsentSince = Session.NOTHING_UNSENT;
            }
        }
        session.hold(aggregates.read(session.accumulators, in), aggregates);
        in.expectEnd();
    }
}
