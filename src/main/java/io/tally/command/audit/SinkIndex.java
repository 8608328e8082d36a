package io.tally.command.audit;

import io.tally.heap.HeapAccount;
import io.tally.heap.HeapSizes;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a sink that belong to a bucket. It keeps a hash of the record key and value of each, and where the row
 * is, in some 30 bytes of heap. A row that the source gives is taken out.
 */
final class SinkIndex {
    /** What it means if rows are the same. */
    enum Repeats {
        /** There are none, or they are of one row as it changed. */
        NONE,
        /** The key has begun anew. The place of a row among the rows of its key tells which one it is. */
        IN_TURN,
        /**
         * They do not say which one they are, or rows between them may be gone. Their order only tells that each is
         * made of at least as many records as the one before. So they are taken one after the other as soon as they
         * fit, and one that was taken too soon may also stand for a later row.
         */
        SEVERAL
    }

    /** No place. */
    static final long NOWHERE = -1;

    private static final int OFFSET_BITS = 44;
    /** About what rows that wait for their turn take of the heap: for each id, and each. */
    private static final long TURNS_BYTES = 200;

    private static final long TURN_BYTES = 24;

    private final HeapAccount account;
    private final Repeats repeats;
    private long[] hashes = new long[16];
    private long[] places = new long[16];
    /** Open addressing: a row's number plus one. Rows of the same hash are found in their order. */
    private int[] slots = new int[32];

    private final BitSet taken = new BitSet();
    /** Where rows have a turn, the numbers of those that wait for it, by key. */
    private final Map<Long, Deque<Integer>> turns = new HashMap<>();

    private int size;
    private int left;

    /** @param account what it takes of the heap is taken from it */
    SinkIndex(HeapAccount account, Repeats repeats) {
        this.account = account;
        this.repeats = repeats;
        account.take(bytes());
    }

    private long bytes() {
        return HeapSizes.longs(hashes.length) * 2 + HeapSizes.ints(slots.length) + hashes.length / Byte.SIZE;
    }

    static long place(int partition, long offset) {
        return (long) partition << OFFSET_BITS | offset;
    }

    static int partition(long place) {
        return (int) (place >>> OFFSET_BITS);
    }

    static long offset(long place) {
        return place & (1L << OFFSET_BITS) - 1;
    }

    /**
     * Adds a row, which is behind all others by partition and offset.
     *
     * @param id what it is a row of
     * @return whether its place among the rows of the same is known, or does not matter
     */
    boolean add(long id, long hash, int partition, long offset) {
        if (size == hashes.length) {
            grow();
        }
        hashes[size] = hash;
        places[size] = place(partition, offset);
        boolean isInOrder = true;
        if (isInTurn()) {
            account.take(TURN_BYTES + (turns.containsKey(id) ? 0 : TURNS_BYTES));
            Deque<Integer> rows = turns.computeIfAbsent(id, any -> new ArrayDeque<>());
            Integer before = rows.peekLast();
            isInOrder = before == null || partition(places[before]) == partition;
            rows.add(size);
        }
        insert(size++);
        left++;
        return isInOrder;
    }

    private void grow() {
        long before = bytes();
        int grown = size * 2;
        account.take(HeapSizes.longs(grown) * 2 + HeapSizes.ints(grown * 2));
        hashes = Arrays.copyOf(hashes, grown);
        places = Arrays.copyOf(places, grown);
        slots = new int[grown * 2];
        for (int row = 0; row < size; row++) {
            insert(row);
        }
        account.take(bytes() - before - HeapSizes.longs(grown) * 2 - HeapSizes.ints(grown * 2));
    }

    private void insert(int row) {
        int slot = slot(hashes[row]);
        while (slots[slot] != 0) {
            slot = slot + 1 & slots.length - 1;
        }
        slots[slot] = row + 1;
    }

    private int slot(long hash) {
        return (int) (hash ^ hash >>> Integer.SIZE) & slots.length - 1;
    }

    /** Whether rows are taken in the order of those of the same. */
    boolean isInTurn() {
        return repeats != Repeats.NONE;
    }

    /** Whether one row may be several. */
    boolean mayStandForOthers() {
        return repeats == Repeats.SEVERAL;
    }

    /** Whether there is a row of this hash that can be taken, or one that may stand for it. */
    boolean holds(long hash) {
        return mayStandForOthers() ? taken(hash) != NOWHERE : find(hash, NOWHERE) >= 0;
    }

    /**
     * Whether there is one that can be taken without passing others over.
     *
     * @param id what it is a row of; only asked for where rows have a turn
     */
    boolean holdsNext(LongSupplier id, long hash) {
        if (!isInTurn()) {
            return holds(hash);
        }
        Deque<Integer> rows = turns.get(id.getAsLong());
        Integer next = rows == null ? null : rows.peek();
        return next != null && hashes[next] == hash;
    }

    /**
     * Takes a row out: one that is behind another place of the same partition, if there is one.
     *
     * @param id what it is a row of; only asked for where rows have a turn
     * @return where it is; {@link #NOWHERE} if there is none
     */
    long take(LongSupplier id, long hash, long after) {
        int row = find(hash, after);
        if (row >= 0 && isInTurn()) {
            row = inTurn(turns.get(id.getAsLong()), hash);
        }
        if (row < 0) {
            return mayStandForOthers() ? taken(hash) : NOWHERE;
        }
        taken.set(row);
        left--;
        return places[row];
    }

    /** The next row of this hash. Those before it lose their turn, unless one may be gone. */
    private int inTurn(@Nullable Deque<Integer> rows, long hash) {
        boolean isThere = rows != null
                && (mayStandForOthers() ? rows.stream().limit(1) : rows.stream()).anyMatch(row -> hashes[row] == hash);
        if (rows == null || !isThere) {
            return -1;
        }
        int row = rows.remove();
        while (hashes[row] != hash) {
            row = rows.remove();
        }
        return row;
    }

    private int find(long hash, long after) {
        int first = -1;
        for (int slot = slot(hash); slots[slot] != 0; slot = slot + 1 & slots.length - 1) {
            int row = slots[slot] - 1;
            if (hashes[row] == hash && !taken.get(row)) {
                if (after == NOWHERE || partition(places[row]) != partition(after) || places[row] > after) {
                    return row;
                }
                first = first < 0 ? row : first;
            }
        }
        return first;
    }

    /** Where a row of this hash is that was taken; {@link #NOWHERE} if there is none. */
    long taken(long hash) {
        for (int slot = slot(hash); slots[slot] != 0; slot = slot + 1 & slots.length - 1) {
            int row = slots[slot] - 1;
            if (hashes[row] == hash && taken.get(row)) {
                return places[row];
            }
        }
        return NOWHERE;
    }

    /** How many rows were not taken. */
    int left() {
        return left;
    }

    /** The first row from a number on that was not taken, by its number; the number of rows if there is none. */
    int nextLeft(int from) {
        return Math.min(size, taken.nextClearBit(from));
    }

    /** Number of rows. */
    int size() {
        return size;
    }

    long hash(int row) {
        return hashes[row];
    }

    long place(int row) {
        return places[row];
    }
}
