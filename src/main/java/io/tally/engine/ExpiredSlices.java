package io.tally.engine;

import io.tally.aggregate.StateInput;
import io.tally.engine.row.Aggregates;
import io.tally.engine.slice.Slice;
import io.tally.engine.slice.SliceEntry;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Slices of which no row will leave any more, until their entries are deleted in the state topic. A tombstone takes as
 * much room in a transaction as a row does; what has no room goes into the next ones.
 *
 * <p>The rows of a slice go from the last to the first. So those that are left are numbered from 0 on, and their number
 * bounds their ordinals for a restore.
 */
final class ExpiredSlices {
    private final Aggregates aggregates;
    private final int columns;
    private final SliceEntry view;
    private final ArrayDeque<Slice> slices = new ArrayDeque<>();
    /** How many rows of the first slice remain; the last of these is in the state topic. */
    private int left;

    private long rows;

    ExpiredSlices(Aggregates aggregates, int columns, SliceEntry view) {
        this.aggregates = aggregates;
        this.columns = columns;
        this.view = view;
    }

    boolean isEmpty() {
        return slices.isEmpty();
    }

    /** What is left; null if nothing is. */
    @Nullable
    Expired describe() {
        return slices.isEmpty() ? null : new Expired(rows, slices.getLast().start);
    }

    /** Takes a slice, later than those before; drops it if the state topic has nothing of it. */
    void add(Slice slice) {
        int written = written(slice, slice.rows.bound());
        if (written == 0) {
            slice.rows.release();
            return;
        }
        if (slices.isEmpty()) {
            left = written;
        }
        slices.add(slice);
        rows += written;
    }

    /** How many of the first rows remain without those behind the last written one. */
    private static int written(Slice slice, int bound) {
        int rows = bound;
        while (rows > 0 && !slice.rows.isWritten(rows - 1)) {
            rows--;
        }
        return rows;
    }

    /** Sends tombstones while there is room; false if some are left. */
    boolean forget(WindowOutput output) {
        while (!slices.isEmpty()) {
            Slice first = slices.element();
            while (left > 0) {
                if (!output.hasRoom()) {
                    return false;
                }
                output.forget(view.at(first, left - 1));
                int next = written(first, left - 1);
                rows -= left - next;
                left = next;
            }
            slices.remove();
            first.rows.release();
            left = slices.isEmpty()
                    ? 0
                    : written(slices.element(), slices.element().rows.bound());
        }
        return true;
    }

    /** Begins to put entries back. */
    Restore restore() {
        return new Restore();
    }

    /** Puts entries back that have expired. */
    final class Restore {
        private final Map<Long, Slice> restored = new TreeMap<>();
        private @Nullable Expired expected;

        /** Says what has expired. */
        void expect(Expired committed) {
            expected = committed;
        }

        /** Whether the entries of a slice have expired. */
        boolean has(long start) {
            return expected != null && start <= expected.lastStart();
        }

        /** Puts one back; gives its revision. */
        long entry(
                long start,
                long end,
                int ordinal,
                byte[] key,
                int keyStart,
                int keyLength,
                long appliedUpTo,
                StateInput accumulators) {
            Slice slice = restored.computeIfAbsent(start, any -> new Slice(start, end, aggregates.newTable(columns)));
            slice.rows.restore(ordinal, key, keyStart, keyLength, appliedUpTo);
            view.at(slice, ordinal).readAccumulators(accumulators);
            return view.revision();
        }

        /**
         * All are there.
         *
         * @throws IllegalStateException if some are not
         */
        void complete() {
            restored.values().forEach(ExpiredSlices.this::add);
            if (!Objects.equals(describe(), expected)) {
                throw new IllegalStateException(
                        "of what has expired there is " + describe() + " left, but " + expected + " was committed");
            }
        }
    }
}
