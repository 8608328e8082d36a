package io.tally.aggregate.sketch;

import com.datadoghq.sketch.ddsketch.DDSketch;
import com.datadoghq.sketch.ddsketch.mapping.IndexMapping;
import com.datadoghq.sketch.ddsketch.store.Bin;
import com.datadoghq.sketch.ddsketch.store.PaginatedStore;
import com.datadoghq.sketch.ddsketch.store.Store;
import io.tally.aggregate.StateInput;
import io.tally.aggregate.StateOutput;
import io.tally.heap.HeapSizes;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * DDSketch (Masson, Rim, Lee: PVLDB 12/12, 2019): counts of numbers in buckets whose borders grow geometrically, so
 * that each bucket's middle is within a relative error of all its numbers. Merging adds counts. Buckets are never
 * collapsed, so the error holds for every quantile. Numbers are within the decoder's limits, so the number of buckets
 * is bounded.
 *
 * <p>Counts are doubles in the library: whole numbers, exact up to 2^53.
 */
final class QuantileSketch {
    /** No decoder accepts larger numbers (64 digits, exponents of 100), so a larger one is damage. */
    private static final double MAX_MAGNITUDE = 1e200;

    private static final long MAX_COUNT = 1L << 53;

    /** The library keeps buckets in arrays of 32, where there are numbers, and these in one array. */
    private static final int PAGE_BITS = 5;

    private static final long PAGE_BYTES = HeapSizes.longs(1 << PAGE_BITS);
    private static final long FIXED_BYTES = HeapSizes.object(24) + HeapSizes.object(40) + 2 * HeapSizes.object(8);

    private final DDSketch sketch;
    /** Bytes of the heap when it was last measured. It is not measured each time, since that looks at all buckets. */
    private long heapBytes = FIXED_BYTES;

    private int changes;
    private int measureAt = 1;

    QuantileSketch(IndexMapping mapping) {
        sketch = new DDSketch(mapping, PaginatedStore::new);
    }

    void add(double number) {
        sketch.accept(number);
        changed();
    }

    /** About what it takes of the heap. */
    long heapBytes() {
        return heapBytes;
    }

    private void changed() {
        if (++changes >= measureAt) {
            heapBytes =
                    FIXED_BYTES + heapBytes(sketch.getNegativeValueStore()) + heapBytes(sketch.getPositiveValueStore());
            // So few more numbers hardly need new arrays.
            measureAt = changes < Integer.MAX_VALUE / 2 ? changes + changes / 4 + 1 : Integer.MAX_VALUE;
        }
    }

    private static long heapBytes(Store store) {
        if (store.isEmpty()) {
            return 0;
        }
        int[] pages = {0, Integer.MIN_VALUE};
        store.forEach((index, count) -> {
            if (index >> PAGE_BITS != pages[1]) {
                pages[0]++;
                pages[1] = index >> PAGE_BITS;
            }
        });
        int range = (store.getMaxIndex() >> PAGE_BITS) - (store.getMinIndex() >> PAGE_BITS);
        // It grows by eight.
        return pages[0] * PAGE_BYTES + HeapSizes.references((range | 7) + 1);
    }

    void add(QuantileSketch other) {
        // One by one, so that nothing is shared: the library's shortcuts for two stores of one kind save little.
        other.sketch.getNegativeValueStore().forEach(sketch.getNegativeValueStore()::add);
        other.sketch.getPositiveValueStore().forEach(sketch.getPositiveValueStore()::add);
        sketch.accept(0, other.zeros());
        changed();
    }

    boolean isEmpty() {
        return sketch.isEmpty();
    }

    /** How many numbers there are, exact up to 2^53. */
    long count() {
        return (long) sketch.getCount();
    }

    /**
     * The number of a rank, or one near it. The library's own quantiles are not used: it multiplies in doubles, so 0.7
     * of 90 is less than 63 there, and it finds the number before.
     *
     * @param rank 0 for the smallest number to {@code count - 1} for the greatest
     */
    double atRank(long rank) {
        long before = 0;
        Store negative = sketch.getNegativeValueStore();
        for (Iterator<Bin> all = negative.getDescendingIterator(); all.hasNext(); ) {
            Bin bin = all.next();
            before += (long) bin.getCount();
            if (before > rank) {
                return -sketch.getIndexMapping().value(bin.getIndex());
            }
        }
        before += zeros();
        if (before > rank) {
            return 0;
        }
        Store positive = sketch.getPositiveValueStore();
        for (Iterator<Bin> all = positive.getAscendingIterator(); all.hasNext(); ) {
            Bin bin = all.next();
            before += (long) bin.getCount();
            if (before > rank) {
                return sketch.getIndexMapping().value(bin.getIndex());
            }
        }
        throw new IndexOutOfBoundsException("a rank of " + rank + " among " + before + " numbers");
    }

    private long zeros() {
        return (long) (sketch.getCount()
                - sketch.getNegativeValueStore().getTotalCount()
                - sketch.getPositiveValueStore().getTotalCount());
    }

    /**
     * Grammar: {@code zeros (unsigned) buckets-of-negative-numbers buckets-of-positive-numbers}, with {@code buckets =
     * number (unsigned) (index-difference (signed) count (unsigned))*}, by index, ascending.
     */
    void write(StateOutput out) {
        out.writeUnsigned(zeros());
        write(sketch.getNegativeValueStore(), out);
        write(sketch.getPositiveValueStore(), out);
    }

    private static void write(Store store, StateOutput out) {
        List<Bin> bins = new ArrayList<>();
        if (!store.isEmpty()) {
            for (Iterator<Bin> all = store.getAscendingIterator(); all.hasNext(); ) {
                bins.add(all.next());
            }
        }
        out.writeUnsigned(bins.size());
        long previous = 0;
        for (Bin bin : bins) {
            out.writeSigned(bin.getIndex() - previous);
            out.writeUnsigned((long) bin.getCount());
            previous = bin.getIndex();
        }
    }

    static QuantileSketch read(IndexMapping mapping, StateInput in) {
        QuantileSketch read = new QuantileSketch(mapping);
        read.sketch.accept(0, readCount(in, 0));
        int limit = mapping.index(MAX_MAGNITUDE);
        readInto(read.sketch.getNegativeValueStore(), limit, in);
        readInto(read.sketch.getPositiveValueStore(), limit, in);
        read.changed();
        return read;
    }

    private static void readInto(Store store, int limit, StateInput in) {
        int bins = in.readSize();
        long index = 0;
        for (int i = 0; i < bins; i++) {
            long difference = in.readSigned();
            index += difference;
            if (index < -limit || index > limit || (i > 0 && difference <= 0)) {
                throw new IllegalStateException("a sketch with a bucket " + index + " out of place");
            }
            store.add((int) index, readCount(in, 1));
        }
    }

    private static double readCount(StateInput in, long least) {
        long count = in.readCount();
        if (count < least || count > MAX_COUNT) {
            throw new IllegalStateException("a sketch with a count of " + count);
        }
        return count;
    }
}
