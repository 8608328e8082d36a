package io.tally.window;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The open slices of a partition in the order of time. */
final class OpenSlices {
    /** By start, ascending. */
    final List<Slice> slices = new ArrayList<>();

    private final Windowing windowing;
    private final Aggregates aggregates;
    private @Nullable Slice recent;
    private long recentEnd;

    OpenSlices(Windowing windowing, Aggregates aggregates) {
        this.windowing = windowing;
        this.aggregates = aggregates;
    }

    /** The slice used last if the time belongs to it, as nearly always; it is open, since closing forgets it. */
    @Nullable
    Slice recentFor(long time) {
        Slice last = recent;
        return last != null && time >= last.start && time < recentEnd ? last : null;
    }

    /** The open slice that a time belongs to, new if need be. */
    Slice of(long time) {
        long start = windowing.sliceStart(time);
        int low = 0;
        int high = slices.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (slices.get(middle).start < start) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        if (low == slices.size() || slices.get(low).start != start) {
            slices.add(low, new Slice(start, aggregates.newTable()));
        }
        Slice found = slices.get(low);
        recent = found;
        recentEnd = windowing.lastWindowEnd(start);
        return found;
    }

    void drop(Slice slice) {
        slices.remove(slice);
        recent = null;
    }

    /** Drops the oldest slices. */
    void dropFirst(int count) {
        slices.subList(0, count).clear();
        recent = null;
    }

    /** The offset of the oldest update that the state topic lacks, {@link RowTable#CLEAN} if there is none. */
    long oldestDirty() {
        long oldest = RowTable.CLEAN;
        for (int i = 0; i < slices.size(); i++) {
            oldest = Math.min(oldest, slices.get(i).oldestDirty());
        }
        return oldest;
    }

    /** @throws IllegalStateException if a slice's rows are not numbered without a gap */
    void requireDense() {
        for (Slice slice : slices) {
            if (!slice.rows.isDense()) {
                throw new IllegalStateException("the window that starts at " + slice.start + " ms has "
                        + slice.rows.size() + " entries, but their numbering has gaps");
            }
        }
    }
}
