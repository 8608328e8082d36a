package io.tally.engine.session;

import io.tally.engine.row.Accumulators;
import io.tally.engine.row.Aggregates;
import io.tally.engine.row.RowTable;
import io.tally.heap.HeapSizes;
import io.tally.window.TimeWindow;
import io.tally.window.Windowing;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import org.jspecify.annotations.Nullable;

/** The open session of a key, or its running total. */
public final class Session {
    /** {@link #unsentSince} when every change has left. */
    public static final long NOTHING_UNSENT = Long.MAX_VALUE;
    /** {@link #dirtyAt} when the state topic has its current form. */
    public static final int CLEAN = -1;

    /**
     * This object, an appointment, an unshown change, and its places in table, agenda and lists. Some of these have as
     * much spare room again.
     */
    private static final long FIXED_BYTES = HeapSizes.object(100) + 2 * HeapSizes.object(12) + 7 * HeapSizes.REFERENCE;

    public final byte[] key;
    final int hash;
    public final Accumulators accumulators;
    /** The newest session of another key in the same bucket of the table. Only set for the newest of a key. */
    @Nullable
    Session next;

    /** The next older and next newer session of the same key. */
    @Nullable
    public Session older;

    @Nullable
    public Session newer;

    /** All sessions of the key by their start, if there are many. Only set for the newest of a key. */
    @Nullable
    NavigableSet<Session> tree;

    /** Earliest event time. */
    public long first;
    /** Latest event time. */
    public long last;

    /** Number of rows that have left. */
    public long revision;
    /** Offset of the oldest change that no row has shown. Durable, so that updates keep their time and order. */
    public long unsentSince = NOTHING_UNSENT;
    /**
     * The windows of the rows that stand for it, in the order of time: its own last row, and the last rows of sessions
     * that have become part of it since. Durable, since its next row replaces these rows.
     */
    public List<TimeWindow> shown = List.of();

    /** Up to which offset the state topic's version is complete; {@link RowTable#NEVER} if there is none. */
    public long appliedUpTo = RowTable.NEVER;
    /** Start under which the state topic has it, if it does. */
    public long storedStart;
    /** Revision of the state topic's version, if there is one. */
    public long storedRevision;

    /** Its place among the sessions that the next checkpoint writes; {@link #CLEAN} if it need not be written. */
    public int dirtyAt = CLEAN;
    /** Whether its end has been reached; it is kept for corrections. */
    public boolean closed;
    /** Whether it was dropped or merged into another. */
    public boolean gone;
    /** Bytes that it takes of the heap. */
    long heapBytes;
    /** When the engine looks at it again; {@link Windowing#NEVER} if it has no such appointment. */
    long due = Windowing.NEVER;

    Session(byte[] key, int hash, Accumulators accumulators, long first, long last) {
        this.key = key;
        this.hash = hash;
        this.accumulators = accumulators;
        this.first = first;
        this.last = last;
    }

    /** A session without events. */
    public static Session of(byte[] key, int hash, Aggregates aggregates, long first, long last) {
        Session session = new Session(key, hash, aggregates.newAccumulators(), first, last);
        session.hold(FIXED_BYTES + HeapSizes.bytes(key.length) + aggregates.newAccumulatorBytes(), aggregates);
        return session;
    }

    /** Notes that objects that belong to it take so many bytes more of the heap, or less. */
    public void hold(long bytes, Aggregates aggregates) {
        if (bytes != 0) {
            heapBytes += bytes;
            aggregates.account().take(bytes);
        }
    }

    /** Gives its heap back, since nobody holds it any more. */
    public void release(Aggregates aggregates) {
        hold(-heapBytes, aggregates);
    }

    /** Whether a single row stands for it, of this window. */
    public boolean isShownAs(TimeWindow window) {
        return shown.size() == 1 && shown.get(0).equals(window);
    }

    /** Notes the rows that stand for it now. */
    public void show(List<TimeWindow> windows, Aggregates aggregates) {
        hold(heapBytes(windows) - heapBytes(shown), aggregates);
        shown = windows;
    }

    /** Takes over the rows of a later session of the key. */
    public void addShown(Session later, Aggregates aggregates) {
        if (!later.shown.isEmpty()) {
            List<TimeWindow> all = new ArrayList<>(shown);
            all.addAll(later.shown);
            show(List.copyOf(all), aggregates);
        }
    }

    private static long heapBytes(List<TimeWindow> windows) {
        int size = windows.size();
        if (size == 0) {
            return 0;
        }
        // Lists of up to two have no array.
        return HeapSizes.object(2 * HeapSizes.REFERENCE)
                + (size > 2 ? HeapSizes.references(size) : 0)
                + size * HeapSizes.object(2 * Long.BYTES);
    }

    public boolean isWritten() {
        return appliedUpTo != RowTable.NEVER;
    }
}
