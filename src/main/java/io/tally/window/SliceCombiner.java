package io.tally.window;

/** A row per slice and key: the finest partial that every window can be put together from. */
final class SliceCombiner implements Combiner {
    /** Rows of a combiner are never written to a state topic, so it does not matter since when they are dirty. */
    private static final long ANY_OFFSET = 0;

    private final Aggregates aggregates;
    private final OpenSlices open;
    private final PartialRow view;
    private long entries;

    SliceCombiner(Windowing windowing, Aggregates aggregates) {
        this.aggregates = aggregates;
        this.open = new OpenSlices(windowing, aggregates);
        this.view = new PartialRow(aggregates, aggregates.newTable());
    }

    @Override
    public void fold(Event event) {
        Slice slice = open.recentFor(event.time());
        if (slice == null) {
            slice = open.of(event.time());
        }
        aggregates.prepare(slice.rows, event);
        int hash = KeyHash.of(event.keyBuffer(), event.keyStart(), event.keyLength());
        int row = slice.rows.find(hash, event.keyBuffer(), event.keyStart(), event.keyLength());
        if (row < 0) {
            row = slice.rows.add(hash, event.keyBuffer(), event.keyStart(), event.keyLength(), ANY_OFFSET);
            entries++;
        }
        aggregates.add(slice.rows, row, event);
    }

    @Override
    public long entries() {
        return entries;
    }

    @Override
    public void takePartials(PartialOutput output) {
        for (Slice slice : open.slices) {
            for (int row = 0; row < slice.rows.size(); row++) {
                view.at(slice.rows, row, slice.start, slice.start);
                output.partial(view);
            }
        }
        open.dropFirst(open.slices.size());
        entries = 0;
    }
}
