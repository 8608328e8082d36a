package io.tally.engine;

import io.tally.aggregate.Event;
import io.tally.aggregate.StateOutput;
import io.tally.engine.partial.Combiner;
import io.tally.engine.partial.PartialOutput;
import io.tally.engine.partial.PartialRow;
import io.tally.engine.row.Aggregates;
import io.tally.engine.slice.OpenSlices;
import io.tally.engine.slice.Slice;
import io.tally.window.Windowing;

/** A row per slice and key: slices are the largest parts from which every window can be merged. */
final class SliceCombiner implements Combiner {
    /**
     * Rows of a combiner are never written to a state topic, so the offset since which they are dirty does not matter.
     */
    private static final long ANY_OFFSET = 0;

    private final Aggregates aggregates;
    private final OpenSlices open;

    SliceCombiner(Windowing windowing, Aggregates aggregates) {
        this.aggregates = aggregates;
        this.open = new OpenSlices(windowing, aggregates, 0, Long.MAX_VALUE);
    }

    @Override
    public void fold(Event event, long watermark) {
        Slice slice = open.find(event.time());
        if (slice == null) {
            slice = open.of(event.time());
        }
        if (aggregates.mayRefuse()) {
            aggregates.prepare(slice.rows, event);
        }
        int row = open.row(slice, event.keyBuffer(), event.keyStart(), event.keyLength(), ANY_OFFSET);
        aggregates.add(slice.rows, row, event);
    }

    @Override
    public long entries() {
        return open.entries();
    }

    @Override
    public void takePartials(PartialOutput output) {
        for (Slice slice : open.slices) {
            View view = new View(slice);
            for (view.row = 0; view.row < slice.rows.size(); view.row++) {
                output.partial(view);
            }
        }
        open.dropFirst(open.slices.size());
    }

    private final class View implements PartialRow {
        private final Slice slice;
        private int row;

        View(Slice slice) {
            this.slice = slice;
        }

        @Override
        public long minTime() {
            return slice.start;
        }

        @Override
        public long maxTime() {
            return slice.start;
        }

        @Override
        public byte[] keyBuffer() {
            return slice.rows.keyBuffer(row);
        }

        @Override
        public int keyStart() {
            return slice.rows.keyStart(row);
        }

        @Override
        public int keyLength() {
            return slice.rows.keyLength(row);
        }

        @Override
        public void writeAccumulators(StateOutput out) {
            aggregates.write(slice.rows, row, out);
        }
    }
}
