package io.tally.window;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The open sessions by key: a hash table with a chain of sessions in each bucket, those of one key among them. */
final class SessionTable {
    private static final Comparator<Session> BY_TIME = Comparator.comparingLong(session -> session.first);

    private @Nullable Session[] buckets = new @Nullable Session[16];
    private int size;

    int size() {
        return size;
    }

    /** Collects the sessions of a key that events of these times join, in the order of time. */
    void find(SessionRule rule, int hash, byte[] key, int start, int length, long min, long max, List<Session> found) {
        found.clear();
        for (Session session = buckets[hash & buckets.length - 1]; session != null; session = session.next) {
            if (session.hash == hash
                    && rule.joins(session, min, max)
                    && Arrays.equals(session.key, 0, session.key.length, key, start, start + length)) {
                found.add(session);
            }
        }
        if (found.size() > 1) {
            found.sort(BY_TIME);
        }
    }

    void add(Session session) {
        if (size == buckets.length) {
            grow();
        }
        size++;
        insert(buckets, session);
    }

    void remove(Session session) {
        int bucket = session.hash & buckets.length - 1;
        Session before = null;
        for (Session other = buckets[bucket]; other != null; other = other.next) {
            if (other == session) {
                if (before == null) {
                    buckets[bucket] = other.next;
                } else {
                    before.next = other.next;
                }
                other.next = null;
                size--;
                return;
            }
            before = other;
        }
        throw new IllegalStateException("a session that is not open");
    }

    /** All sessions, in no particular order. */
    void forEach(Consumer<Session> action) {
        for (Session bucket : buckets) {
            for (Session session = bucket; session != null; session = session.next) {
                action.accept(session);
            }
        }
    }

    private void grow() {
        @Nullable Session[] grown = new @Nullable Session[buckets.length * 2];
        for (Session bucket : buckets) {
            Session session = bucket;
            while (session != null) {
                Session next = session.next;
                insert(grown, session);
                session = next;
            }
        }
        buckets = grown;
    }

    private static void insert(@Nullable Session[] buckets, Session session) {
        int bucket = session.hash & buckets.length - 1;
        session.next = buckets[bucket];
        buckets[bucket] = session;
    }
}
