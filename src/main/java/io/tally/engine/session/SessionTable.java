package io.tally.engine.session;

import io.tally.engine.row.Accumulators;
import io.tally.heap.HeapAccount;
import io.tally.heap.HeapSizes;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The open sessions by key. The chains of a hash table hold the newest session of each key; its older ones are linked
 * behind it, from new to old. Sessions of a key never overlap. So a recent event finds its session at once, however
 * many of its key are open, and a session is removed at once. If a search passes many sessions of a key, the key gets a
 * tree of them, so that a late event costs the logarithm of their number.
 */
public final class SessionTable {
    /** A search that passes more sessions than this makes the key a tree. */
    private static final int MANY = 16;
    /** A sample looks into no more than these: after a burst most of very many may be empty. */
    private static final int MOST_BUCKETS = 1 << 16;
    /** Bytes of heap that a tree takes for each session. */
    private static final long NODE_BYTES = HeapSizes.object(28);
    /** Widening a session does not change its place among the others. */
    private static final Comparator<Session> BY_START = Comparator.comparingLong(session -> session.first);

    private final HeapAccount account;
    /** A session that stands for a time in searches of a tree. */
    private final Session probe =
            new Session(new byte[0], 0, new Accumulators(new long[0], new @Nullable Object[0]), 0, 0);

    private long treeBytes;
    private @Nullable Session[] buckets = new @Nullable Session[16];
    private int keys;
    private int size;

    /** @param account the account from which trees take their heap, until {@link #release} */
    public SessionTable(HeapAccount account) {
        this.account = account;
    }

    /** Gives its heap back, since it is dropped. */
    public void release() {
        hold(-treeBytes);
    }

    private void hold(long bytes) {
        treeBytes += bytes;
        account.take(bytes);
    }

    public int size() {
        return size;
    }

    /** Collects the sessions of a key that take events, in the order of time; see {@link SessionRule#joins}. */
    public void find(
            SessionRule rule, int hash, byte[] key, int start, int length, long min, long max, List<Session> found) {
        found.clear();
        Session newest = newest(hash, key, start, length);
        Session session =
                newest == null || newest.tree == null ? newest : startingBefore(newest.tree, rule.bound(min, max));
        int passed = 0;
        // Sessions that begin later are passed over. After the first that ends too early, all others are earlier still.
        while (session != null && (rule.joins(session, min, max) || session.first > min)) {
            if (rule.joins(session, min, max)) {
                found.add(session);
            } else {
                passed++;
            }
            session = session.older;
        }
        if (passed > MANY && newest != null && newest.tree == null) {
            plant(newest);
        }
        Collections.reverse(found);
    }

    private @Nullable Session startingBefore(NavigableSet<Session> tree, long time) {
        probe.first = time;
        return tree.lower(probe);
    }

    private void plant(Session newest) {
        NavigableSet<Session> tree = new TreeSet<>(BY_START);
        for (Session session = newest; session != null; session = session.older) {
            tree.add(session);
        }
        hold(NODE_BYTES * tree.size());
        newest.tree = tree;
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
    public void add(Session session) {
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
            addToTree(session, session);
        } else {
            Session newer = newest.tree == null ? null : newest.tree.higher(session);
            if (newer == null) {
                newer = newest;
                while (newer.older != null && newer.older.first > session.first) {
                    newer = newer.older;
                }
            }
            link(session, newer.older);
            link(newer, session);
            addToTree(newest, session);
        }
    }

    private void addToTree(Session newest, Session session) {
        if (newest.tree != null) {
            newest.tree.add(session);
            hold(NODE_BYTES);
        }
    }

    private void removeFromTree(Session session) {
        Session newest = newest(session.hash, session.key, 0, session.key.length);
        if (newest != null && newest.tree != null) {
            newest.tree.remove(session);
            hold(-NODE_BYTES);
        }
    }

    public void remove(Session session) {
        size--;
        removeFromTree(session);
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

    /** The sessions of a key, from new to old. */
    public void forEachOf(int hash, byte[] key, Consumer<Session> action) {
        for (Session session = newest(hash, key, 0, key.length); session != null; session = session.older) {
            action.accept(session);
        }
    }

    /** All sessions, in no particular order. */
    public void forEach(Consumer<Session> action) {
        for (Session bucket : buckets) {
            for (Session newest = bucket; newest != null; newest = newest.next) {
                for (Session session = newest; session != null; session = session.older) {
                    action.accept(session);
                }
            }
        }
    }

    /**
     * Visits sessions until it has seen enough. Which ones is a matter of their keys' hashes, so they stand for all.
     *
     * @param most about how many are visited at most
     * @return how many were visited
     */
    public int sample(int most, Consumer<Session> action) {
        int seen = 0;
        for (int i = 0; i < Math.min(buckets.length, MOST_BUCKETS) && seen < most; i++) {
            for (Session newest = buckets[i]; newest != null; newest = newest.next) {
                for (Session session = newest; session != null && seen < most; session = session.older) {
                    action.accept(session);
                    seen++;
                }
            }
        }
        return seen;
    }

    private static void link(Session newer, @Nullable Session older) {
        newer.older = older;
        if (older != null) {
            older.newer = newer;
        }
    }

    /** Replaces the newest session of a key by another one, or by none. */
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
            other.tree = newest.tree;
            successor = other;
        }
        newest.next = null;
        newest.tree = null;
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
