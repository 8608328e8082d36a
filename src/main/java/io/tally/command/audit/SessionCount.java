package io.tally.command.audit;

import io.tally.aggregate.Event;
import io.tally.command.recount.RowFold;
import io.tally.command.recount.SideIndex.Position;
import io.tally.engine.WindowEngine;
import io.tally.engine.WindowResult;
import io.tally.heap.HeapAccount;
import io.tally.window.Emission;
import io.tally.window.TimeWindow;
import io.tally.window.WindowKind;
import io.tally.window.WindowSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sessions, and totals with a ttl. A row counts the events of a key that are near enough to one another; a session that
 * has ended by the watermark at a later event does not take that event. Each key is looked at when an event of it
 * comes: the event's watermark tells everything that has happened to the key in between.
 */
final class SessionCount implements RowCount {
    /** How many keys are kept at least before those that have ended are looked for. */
    private static final int FEW = 1_000;

    /** A session, or the total of a key. */
    private static final class Session extends CountedRow {
        private long first;
        private long last;
        /** The windows of the rows that stand for it. */
        private List<TimeWindow> standing = List.of();

        Session(byte[] key, int partition, RowFold results, long time) {
            super(key, partition, results);
            first = time;
            last = time;
        }
    }

    private final AuditPlan plan;
    private final Sinks sinks;
    private final HeapAccount account;
    private final RowFold.Maker maker;
    private final WindowSpec window;
    private final boolean isTotal;
    private final long gap;
    private final boolean isRevised;
    private final boolean hasUpdates;
    /** Whether sessions may have closed before the watermark of the records says so. */
    private final boolean mayCloseEarly;

    private final Map<KeyBytes, List<Session>> keys = new HashMap<>();
    private final KeyBytes sought = new KeyBytes();
    private int sweepAt = FEW;

    SessionCount(AuditPlan plan, Sinks sinks, HeapAccount account) {
        this.plan = plan;
        this.sinks = sinks;
        this.account = account;
        maker = plan.rows();
        window = plan.spec().window();
        isTotal = window.kind() instanceof WindowKind.Totals;
        gap = plan.gap();
        isRevised = window.hasRevisions();
        hasUpdates = window.emission() == Emission.UPDATES;
        mayCloseEarly = plan.spec().idleTimeout() != null;
    }

    @Override
    public boolean count(Event event, Place place) {
        boolean isMerged = plan.hasShuffle();
        if (isMerged && event.time() < place.watermark()) {
            // The merge goes by the slowest partition: which sessions were still open there is not known.
            sinks.undecided()
                    .addKey(sought.show(event.keyBuffer(), event.keyStart(), event.keyLength())
                            .copy());
        }
        long watermark = isMerged ? WindowEngine.NO_WATERMARK : place.watermark();
        List<Session> sessions = keys.get(sought.show(event.keyBuffer(), event.keyStart(), event.keyLength()));
        if (sessions != null) {
            pass(sessions, watermark);
        }
        List<Session> joined = joined(sessions, event.time());
        if (joined.isEmpty()) {
            if (window.isGone(event.time() + gap, watermark)) {
                return false;
            }
            maker.prepareNew(event);
        } else {
            bridged(joined).prepare(event);
        }
        Session session = joined.isEmpty() || sessions == null ? begin(event, place) : bridge(sessions, joined);
        session.first = Math.min(session.first, event.time());
        session.last = Math.max(session.last, event.time());
        grow(session, session.results.add(event));
        session.counted(place.partition(), place.offset());
        session.isClosed = end(session) <= watermark;
        if (session.isClosed) {
            takeNext(session, true);
        } else if (hasUpdates) {
            takeIfThere(session);
        }
        return true;
    }

    /** Takes the rows of sessions that have ended by a watermark, and lets go of those that take no more events. */
    private void pass(List<Session> sessions, long watermark) {
        sessions.sort(Comparator.comparingLong(session -> session.last));
        sessions.removeIf(session -> {
            if (!session.isClosed && end(session) <= watermark) {
                close(session);
            }
            boolean isEarly = !session.isClosed && mayCloseEarly && hasClosedEarly(session);
            boolean isGone = isEarly || window.isGone(end(session), watermark);
            if (isGone) {
                account.take(-session.heapBytes);
            }
            return isGone;
        });
    }

    /**
     * Whether a silent source has closed it: the sinks have its row as it is, which they would not if it had gone on.
     */
    private boolean hasClosedEarly(Session session) {
        if (!sinks.hold(result(session, session.revision, true))) {
            return false;
        }
        close(session);
        return true;
    }

    private void close(Session session) {
        session.isClosed = true;
        // If rows do not say whether they are final, the row that was taken for an update may have been the final one.
        boolean isThere = isRevised
                && !sinks.holdNext(session, revision -> result(session, revision, true))
                && sinks.isLast(session, result(session, session.revision, true, session.replaced));
        if (!isThere) {
            takeNext(session, true);
        }
    }

    private List<Session> joined(@Nullable List<Session> sessions, long time) {
        if (sessions == null) {
            return List.of();
        }
        return sessions.stream()
                .filter(session -> isTotal || (session.first < time + gap && time < session.last + gap))
                .sorted(Comparator.comparingLong(session -> session.first))
                .toList();
    }

    /** What the event would be counted in. */
    private RowFold bridged(List<Session> joined) {
        if (joined.size() == 1) {
            return joined.get(0).results;
        }
        RowFold all = maker.row();
        joined.forEach(session -> all.merge(session.results));
        return all;
    }

    private Session begin(Event event, Place place) {
        byte[] key = sought.show(event.keyBuffer(), event.keyStart(), event.keyLength())
                .copy();
        sinks.undecided().begun(key, place.partition());
        int partition = plan.closingPartition(place.partition(), event);
        Session session = new Session(key, partition, maker.row(), event.time());
        grow(session, CountedRow.HEAP_BYTES + 100 + key.length + maker.rowBytes());
        if (keys.size() >= sweepAt) {
            sweep(plan.hasShuffle() ? WindowEngine.NO_WATERMARK : place.watermark());
        }
        keys.computeIfAbsent(new KeyBytes().show(key, 0, key.length), any -> new ArrayList<>(1))
                .add(session);
        return session;
    }

    /** Makes all of them the earliest. */
    @SuppressWarnings("ReferenceEquality") // sessions of a key are equal
    private Session bridge(List<Session> sessions, List<Session> joined) {
        Session session = joined.get(0);
        List<TimeWindow> standing = new ArrayList<>(session.standing);
        for (Session later : joined.subList(1, joined.size())) {
            grow(session, session.results.merge(later.results));
            session.addRecords(later);
            session.last = Math.max(session.last, later.last);
            session.revision = Math.max(session.revision, later.revision);
            standing.addAll(later.standing);
            sessions.removeIf(other -> other == later);
            account.take(-later.heapBytes);
        }
        session.standing = standing;
        return session;
    }

    private void sweep(long watermark) {
        keys.values().removeIf(sessions -> {
            pass(sessions, watermark);
            return sessions.isEmpty();
        });
        sweepAt = Math.max(FEW, 2 * keys.size());
    }

    private long end(Session session) {
        return session.last + gap;
    }

    private TimeWindow window(Session session) {
        return new TimeWindow(isTotal ? 0 : session.first, end(session));
    }

    /** Which rows its next one replaces. */
    private List<TimeWindow> replaces(Session session) {
        boolean isItsOwn = isTotal
                || (session.standing.size() == 1 && session.standing.get(0).equals(window(session)));
        return isItsOwn ? List.of() : List.copyOf(session.standing);
    }

    private void takeNext(Session session, boolean isFinal) {
        List<TimeWindow> replaces = replaces(session);
        sinks.takeNext(session, revision -> result(session, revision, isFinal, replaces));
        left(session, replaces);
    }

    private void takeIfThere(Session session) {
        List<TimeWindow> replaces = replaces(session);
        if (sinks.takeIfThere(session, revision -> result(session, revision, false, replaces))) {
            left(session, replaces);
        }
    }

    private void left(Session session, List<TimeWindow> replaces) {
        session.replaced = replaces;
        session.standing = List.of(window(session));
    }

    private WindowResult result(Session session, long revision, boolean isFinal) {
        return result(session, revision, isFinal, replaces(session));
    }

    private WindowResult result(Session session, long revision, boolean isFinal, List<TimeWindow> replaces) {
        TimeWindow its = window(session);
        return isRevised
                ? new WindowResult(
                        its.start(), its.end(), session.copy(), session.results.results(), revision, isFinal, replaces)
                : new WindowResult(its.start(), its.end(), session.copy(), session.results.results());
    }

    @Override
    public void redriven(Event event, Position position) {
        throw new IllegalStateException("redrive corrects no sessions and no totals, but has counted " + position);
    }

    @Override
    public void end() {
        keys.values().forEach(sessions -> {
            sessions.sort(Comparator.comparingLong(session -> session.last));
            sessions.forEach(session -> {
                boolean isUndecided = plan.hasShuffle() && sinks.undecided().holdsKey(session.copy());
                if (!session.isClosed && !isUndecided && plan.isClosed(end(session), session.partition)) {
                    close(session);
                }
                account.take(-session.heapBytes);
            });
        });
        keys.clear();
    }

    private void grow(Session session, long bytes) {
        account.take(bytes);
        session.heapBytes += bytes;
    }
}
