package io.tally.window;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The open sessions by key: a hash table whose chains hold the newest session of each key, behind which the older ones
 * of that key follow in the order of time. They never overlap. So an event near the end of time finds its session at
 * once, however many of its key are open, and a session leaves at once.
 */
final class SessionTable {
    private @Nullable Session[] buckets = new @Nullable Session[16];
    private int keys;
    private int size;

    int size() {
        return size;
    }

    /** Collects the sessions of a key that take events, in the order of time; see {@link SessionRule#joins}. */
    void find(SessionRule rule, int hash, byte[] key, int start, int length, long min, long max, List<Session> found) {
        found.clear();
        Session session = newest(hash, key, start, length);
        // Sessions that begin later are passed over; behind the first that ends too early there are only earlier ones.
        while (session != null && (rule.joins(session, min, max) || session.first > min)) {
            if (rule.joins(session, min, max)) {
                found.add(session);
            }
            session = session.older;
        }
        Collections.reverse(found);
    }

    private @Nullable Session newest(int hash, byte[] key, int start, int length) {
        Session session = buckets[hash & buckets.length - 1];
        while (session != null
                && (session.hash != hash
                        || !Arrays.equals(session.key, 0, session.key.length, key, start, start + length))) {
            session = session.next;
        }
        return session;
    }

    /** Adds a session that overlaps none of its key. */
    void add(Session session) {
        size++;
        Session newest = newest(session.hash, session.key, 0, session.key.length);
        if (newest == null) {
            if (keys == buckets.length) {
                grow();
            }
            keys++;
            insert(buckets, session);
        } else if (session.first > newest.first) {
            replace(newest, session);
            link(session, newest);
        } else {
            Session newer = newest;
            while (newer.older != null && newer.older.first > session.first) {
                newer = newer.older;
            }
            link(session, newer.older);
            link(newer, session);
        }
    }

    void remove(Session session) {
        size--;
        Session older = session.older;
        Session newer = session.newer;
        if (newer != null) {
            link(newer, older);
        } else {
            replace(session, older);
            if (older == null) {
                keys--;
            } else {
                older.newer = null;
            }
        }
        session.older = null;
        session.newer = null;
    }

    /** All sessions, in no particular order. */
    void forEach(Consumer<Session> action) {
        for (Session bucket : buckets) {
            for (Session newest = bucket; newest != null; newest = newest.next) {
                for (Session session = newest; session != null; session = session.older) {
                    action.accept(session);
                }
            }
        }
    }

    private static void link(Session newer, @Nullable Session older) {
        newer.older = older;
        if (older != null) {
            older.newer = newer;
        }
    }

    /** Puts another session of the key into the place of its newest, or none. */
    private void replace(Session newest, @Nullable Session other) {
        int bucket = newest.hash & buckets.length - 1;
        Session before = null;
        for (Session session = buckets[bucket]; session != newest; session = session.next) {
            if (session == null) {
                throw new IllegalStateException("a session that is not open");
            }
            before = session;
        }
        Session successor = newest.next;
        if (other != null) {
            other.next = newest.next;
            successor = other;
        }
        newest.next = null;
        if (before == null) {
            buckets[bucket] = successor;
        } else {
            before.next = successor;
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
