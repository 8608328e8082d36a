package io.tally.window;

/**
 * For windows that share their start, as cumulative ones do: keeps the rows of the last one, so that each slice is
 * merged once.
 */
final class GrowingMerger implements WindowMerger {
    private final Windowing windowing;
    private final Aggregates aggregates;
    private RowTable rows;
    private long start;
    /** The slices before this are merged. */
    private long mergedUpTo;

    GrowingMerger(Windowing windowing, Aggregates aggregates) {
        this.windowing = windowing;
        this.aggregates = aggregates;
        this.rows = aggregates.newTable(0);
    }

    @Override
    public RowTable merge(OpenSlices open, long end) {
        long windowStart = windowing.windowStart(end);
        if (windowStart != start) {
            start = windowStart;
            clear();
        }
        for (int i = open.indexOf(mergedUpTo); i < open.slices.size(); i++) {
            Slice slice = open.slices.get(i);
            if (slice.start >= end) {
                break;
            }
            rows.merge(slice.rows, aggregates);
        }
        mergedUpTo = end;
        return rows;
    }

    @Override
    public void release(long end) {
        if (windowing.windowStart(windowing.nextWindowEnd(end)) != start) {
            clear();
        }
    }

    @Override
    public void changes(Slice slice) {
        if (slice.start >= start && slice.start < mergedUpTo) {
            clear();
        }
    }

    private void clear() {
        rows = aggregates.newTable(0);
        mergedUpTo = start;
    }
}
