package io.tally.engine.row;

import io.tally.aggregate.Cells;
import io.tally.heap.HeapAccount;
import io.tally.heap.HeapSizes;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one slice: an open-addressing hash index from key bytes to row numbers, and the rows themselves in pages
 * of primitives. A row is a key reference, two bookkeeping numbers and the aggregates' cells; a count over a short key
 * takes some 60 bytes and no object. All arrays begin as small as can be, since there may be very many slices with a
 * key or two each: some 320 bytes for one.
 *
 * <p>A row's number, its <em>ordinal</em>, is its order of creation. Results leave in that order, so it is part of the
 * durable state. Recovery puts rows back at their ordinals, and lets the replay fill the others in order of appearance,
 * which is exactly how they came to be the first time.
 *
 * <p>Index slots hold the key's 32-bit hash beside {@code ordinal + 1}, so that a probe touches a row only when the
 * hashes agree; linear probing, at most two thirds full.
 */
public final class RowTable {
    /** {@code appliedUpTo} of a row that was never written to the state topic. */
    public static final long NEVER = -1;
    /** {@code dirtySince} of a row whose newest state is in the state topic. */
    public static final long CLEAN = Long.MAX_VALUE;

    private static final int KEY = 0;
    private static final int APPLIED_UP_TO = 1;
    private static final int DIRTY_SINCE = 2;
    /** See {@link #place}. */
    private static final int PLACE_SLICE = APPLIED_UP_TO;

    private static final int PLACE_NUMBER = DIRTY_SINCE;
    /** Bookkeeping longs in front of the engine's columns and the cells. */
    private static final int HEADER = 3;

    private static final int PAGE_BITS = 12;
    private static final int PAGE_ROWS = 1 << PAGE_BITS;
    private static final int PAGE_MASK = PAGE_ROWS - 1;
    private static final @Nullable Object[] NO_OBJECTS = new @Nullable Object[0];
    private static final @Nullable Object[][] NO_OBJECT_PAGES = {};
    /** This object, and the slice whose rows these are or the like. */
    private static final long FIXED_BYTES = HeapSizes.object(60) + HeapSizes.object(48);

    private final int longs;
    /** Where the cells begin in a row. */
    private final int cells;

    private final int objects;
    private final HeapAccount account;
    private final KeyArena keys = new KeyArena();
    private long[][] pages;
    private @Nullable Object[][] objectPages;
    private long[] index = new long[2];
    private int growAt = 1;
    private long heapBytes;
    private int wholePages;
    private int size;
    /** The ordinal of the next new row, unless recovery has taken it. */
    private int next;
    /** One beyond the highest ordinal in use. */
    private int bound;

    /**
     * Without rows.
     *
     * @param columns numbers that the engine keeps with each row, 0 at first
     * @param account what it takes of the heap is taken from there, until {@link #release}
     */
    RowTable(int columns, int cellLongs, int cellObjects, HeapAccount account) {
        cells = HEADER + columns;
        longs = cells + cellLongs;
        objects = cellObjects;
        this.account = account;
        hold(FIXED_BYTES
                + keys.heapBytes()
                + HeapSizes.longs(index.length)
                + HeapSizes.references(1)
                + HeapSizes.longs(longs)
                + (objects == 0 ? 0 : HeapSizes.references(1) + HeapSizes.references(objects)));
        pages = new long[][] {new long[longs]};
        objectPages = objects == 0 ? NO_OBJECT_PAGES : new @Nullable Object[][] {new @Nullable Object[objects]};
    }

    /** Notes that its objects take so many bytes more of the heap, or fewer. */
    public void hold(long bytes) {
        heapBytes += bytes;
        account.take(bytes);
    }

    /** Gives its heap back, since the table is dropped. */
    public void release() {
        hold(-heapBytes);
    }

    public int size() {
        return size;
    }

    /** One beyond the highest ordinal in use; a restore may leave gaps below it. */
    public int bound() {
        return bound;
    }

    /** Whether a row of this ordinal exists and was written to the state topic; the ordinal is below {@link #bound}. */
    public boolean isWritten(int row) {
        return get(row, KEY) != 0 && get(row, APPLIED_UP_TO) != NEVER;
    }

    /** Whether the rows are exactly 0 to size - 1: true unless a recovery missed some. */
    public boolean isDense() {
        return bound == size;
    }

    /** The row of a key, or -1. */
    public int find(byte[] key, int start, int length) {
        return find(KeyHash.of(key, start, length), key, start, length);
    }

    public int find(int hash, byte[] key, int start, int length) {
        int mask = index.length - 1;
        for (int slot = hash & mask; ; slot = slot + 1 & mask) {
            long entry = index[slot];
            if (entry == 0) {
                return -1;
            }
            if ((int) (entry >>> 32) == hash) {
                int row = (int) entry - 1;
                if (keys.matches(get(row, KEY), key, start, length)) {
                    return row;
                }
            }
        }
    }

    /** Adds a row for a key that has none, dirty since {@code offset}. */
    public int add(int hash, byte[] key, int start, int length, long offset) {
        while (next < bound && get(next, KEY) != 0) {
            next++;
        }
        int row = next++;
        put(row, hash, key, start, length, NEVER, offset);
        return row;
    }

    /** Puts a row back at its ordinal, clean; the caller bounds the ordinal. */
    public void restore(int row, byte[] key, int start, int length, long appliedUpTo) {
        if (row < bound && get(row, KEY) != 0) {
            throw new IllegalStateException("two entries claim place " + row + " of the same window");
        }
        put(row, KeyHash.of(key, start, length), key, start, length, appliedUpTo, CLEAN);
    }

    private void put(int row, int hash, byte[] key, int start, int length, long appliedUpTo, long dirtySince) {
        makeRoom(row);
        if (size == growAt) {
            rehash();
        }
        size++;
        bound = Math.max(bound, row + 1);
        long before = keys.heapBytes();
        long reference = keys.add(key, start, length);
        if (keys.heapBytes() != before) {
            hold(keys.heapBytes() - before);
        }
        long[] page = pages[row >>> PAGE_BITS];
        int base = (row & PAGE_MASK) * longs;
        page[base + KEY] = reference;
        page[base + APPLIED_UP_TO] = appliedUpTo;
        page[base + DIRTY_SINCE] = dirtySince;
        insert(index, hash, row);
    }

    public long appliedUpTo(int row) {
        return get(row, APPLIED_UP_TO);
    }

    public long dirtySince(int row) {
        return get(row, DIRTY_SINCE);
    }

    public void written(int row, long appliedUpTo) {
        long[] page = pages[row >>> PAGE_BITS];
        int base = (row & PAGE_MASK) * longs;
        page[base + APPLIED_UP_TO] = appliedUpTo;
        page[base + DIRTY_SINCE] = CLEAN;
    }

    public void clean(int row) {
        pages[row >>> PAGE_BITS][(row & PAGE_MASK) * longs + DIRTY_SINCE] = CLEAN;
    }

    /**
     * Notes the place of a merged row among others. Merged rows are in no state topic, so the place is stored where
     * other rows keep what they know of that topic.
     */
    public void place(int row, long slice, long number) {
        long[] page = pages[row >>> PAGE_BITS];
        int base = (row & PAGE_MASK) * longs;
        page[base + PLACE_SLICE] = slice;
        page[base + PLACE_NUMBER] = number;
    }

    public long placeSlice(int row) {
        return get(row, PLACE_SLICE);
    }

    public long placeNumber(int row) {
        return get(row, PLACE_NUMBER);
    }

    /** One of the engine's own numbers. */
    public long column(int row, int column) {
        return get(row, HEADER + column);
    }

    public void column(int row, int column, long value) {
        pages[row >>> PAGE_BITS][(row & PAGE_MASK) * longs + HEADER + column] = value;
    }

    /** Marks the row dirty since {@code offset} if it is clean; says whether it was. */
    public boolean touch(int row, long offset) {
        long[] page = pages[row >>> PAGE_BITS];
        int at = (row & PAGE_MASK) * longs + DIRTY_SINCE;
        if (page[at] == CLEAN) {
            page[at] = offset;
            return true;
        }
        return false;
    }

    /** A copy of the row's key. */
    public byte[] key(int row) {
        int start = keyStart(row);
        return Arrays.copyOfRange(keyBuffer(row), start, start + keyLength(row));
    }

    public byte[] keyBuffer(int row) {
        return keys.chunk(get(row, KEY));
    }

    public int keyStart(int row) {
        return KeyArena.offset(get(row, KEY));
    }

    public int keyLength(int row) {
        return KeyArena.length(get(row, KEY));
    }

    /** Points {@code cells} at the row's page; the caller moves it from aggregate to aggregate. */
    void select(int row, Cells cells) {
        int page = row >>> PAGE_BITS;
        cells.page(pages[page], objects == 0 ? NO_OBJECTS : objectPages[page]);
    }

    int longBase(int row) {
        return (row & PAGE_MASK) * longs + cells;
    }

    int objectBase(int row) {
        return (row & PAGE_MASK) * objects;
    }

    /** Makes the row's cells those of an empty one. */
    void clear(int row) {
        int page = row >>> PAGE_BITS;
        Arrays.fill(pages[page], longBase(row), longBase(row) + longs - cells, 0);
        if (objects > 0) {
            Arrays.fill(objectPages[page], objectBase(row), objectBase(row) + objects, null);
        }
    }

    private long get(int row, int column) {
        return pages[row >>> PAGE_BITS][(row & PAGE_MASK) * longs + column];
    }

    private void makeRoom(int row) {
        int page = row >>> PAGE_BITS;
        if (page >= pages.length) {
            int grown = Math.max(page + 1, pages.length * 2);
            int references = objects == 0 ? 1 : 2;
            hold(references * (HeapSizes.references(grown) - HeapSizes.references(pages.length)));
            pages = Arrays.copyOf(pages, grown);
            if (objects > 0) {
                objectPages = Arrays.copyOf(objectPages, grown);
            }
        }
        if (page == 0) {
            int rows = row + 1;
            if (pages[0].length < rows * longs) {
                growPage(0, Integer.highestOneBit(row) * 2);
            }
            return;
        }
        // Pages behind the first are born whole; recovery may skip some, so fill up to the one asked for.
        for (; wholePages <= page; wholePages++) {
            growPage(wholePages, PAGE_ROWS);
        }
    }

    @SuppressWarnings("NullAway") // array elements beyond the filled pages are null until here
    private void growPage(int page, int rows) {
        if (pages[page] == null) {
            hold(pageBytes(rows));
            pages[page] = new long[rows * longs];
            if (objects > 0) {
                objectPages[page] = new @Nullable Object[rows * objects];
            }
        } else if (pages[page].length < rows * longs) {
            long before = pageBytes(pages[page].length / longs);
            hold(pageBytes(rows));
            pages[page] = Arrays.copyOf(pages[page], rows * longs);
            if (objects > 0) {
                objectPages[page] = Arrays.copyOf(objectPages[page], rows * objects);
            }
            hold(-before);
        }
    }

    private long pageBytes(int rows) {
        return HeapSizes.longs(rows * longs) + (objects == 0 ? 0 : HeapSizes.references(rows * objects));
    }

    private void rehash() {
        // For a moment there are both.
        hold(HeapSizes.longs(index.length * 2));
        long[] grown = new long[index.length * 2];
        for (long entry : index) {
            if (entry != 0) {
                insert(grown, (int) (entry >>> 32), (int) entry - 1);
            }
        }
        hold(-HeapSizes.longs(index.length));
        index = grown;
        growAt = (int) (grown.length * 2L / 3);
    }

    private static void insert(long[] index, int hash, int row) {
        int mask = index.length - 1;
        int slot = hash & mask;
        while (index[slot] != 0) {
            slot = slot + 1 & mask;
        }
        index[slot] = ((long) hash << 32) | ((row + 1) & 0xFFFFFFFFL);
    }
}
