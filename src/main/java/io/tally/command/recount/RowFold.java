package io.tally.command.recount;

import io.tally.aggregate.Aggregate;
import io.tally.aggregate.Event;
import io.tally.engine.row.Accumulators;
import io.tally.engine.row.Aggregates;
import io.tally.heap.HeapSizes;
import io.tally.pipeline.PipelineSpec;
import io.tally.window.Windowing;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The results of a row that is counted again, event by event in the order of the source.
 *
 * <p>A pipeline merges the rows of overlapping windows from slices, the earliest slice first. That makes a difference
 * for functions that depend only on the order of events: {@code collect} has its texts in the order of the slices. For
 * these, each slice is counted by itself here, too.
 */
public final class RowFold {
    /** About what a slice takes of the heap beside its accumulators. */
    private static final long SLICE_BYTES = 64;

    private final Aggregates aggregates;
    /** Null if the slices make no difference. */
    private final @Nullable Windowing windowing;

    private final SortedMap<Long, Accumulators> slices = new TreeMap<>();
    private final Accumulators all;

    private RowFold(Aggregates aggregates, @Nullable Windowing windowing) {
        this.aggregates = aggregates;
        this.windowing = windowing;
        all = aggregates.newAccumulators();
    }

    /** Makes the rows of a pipeline, each without an event at first. */
    public static final class Maker {
        private final Aggregates aggregates;
        private final @Nullable Windowing windowing;

        /** @param aggregates those of the pipeline */
        public Maker(PipelineSpec spec, Aggregates aggregates) {
            this.aggregates = aggregates;
            windowing = dependsOnSlices(spec) ? spec.window().windowing() : null;
        }

        private static boolean dependsOnSlices(PipelineSpec spec) {
            Windowing windowing = spec.window().windowing();
            return windowing != null
                    && windowing.overlaps()
                    && !spec.window().hasRevisions()
                    && spec.aggregates().stream().anyMatch(Aggregate::dependsOnOrder);
        }

        /** A row without an event. */
        public RowFold row() {
            return new RowFold(aggregates, windowing);
        }

        /** Bytes of heap that a row takes, without an event. */
        public long rowBytes() {
            return HeapSizes.object(4 * HeapSizes.REFERENCE) + 48 + aggregates.newAccumulatorBytes();
        }

        /**
         * Asks the functions that may refuse an event whether they take it as the first of a row.
         *
         * @throws io.tally.aggregate.AggregateFailedException if one does not
         */
        public void prepareNew(Event event) {
            if (aggregates.mayRefuse()) {
                aggregates.prepareNew(event);
            }
        }
    }

    /**
     * Asks the functions that may refuse an event. To be called before each {@link #add}, unless it is the first one.
     *
     * @throws io.tally.aggregate.AggregateFailedException if one refuses it
     */
    public void prepare(Event event) {
        if (aggregates.mayRefuse()) {
            aggregates.prepare(all, event);
        }
    }

    /** Counts an event; gives by how many bytes of heap the row has grown. */
    public long add(Event event) {
        if (windowing == null) {
            return aggregates.add(all, event);
        }
        long start = windowing.sliceStart(event.time());
        Accumulators slice = slices.get(start);
        long grown = 0;
        if (slice == null) {
            slice = aggregates.newAccumulators();
            slices.put(start, slice);
            grown = SLICE_BYTES + aggregates.newAccumulatorBytes();
        }
        return grown + aggregates.add(slice, event);
    }

    /** Counts what a later row has; gives by how many bytes of heap this one has grown. */
    public long merge(RowFold later) {
        return aggregates.merge(all, later.all);
    }

    /** The results of what was counted so far. */
    @Nullable
    public Object[] results() {
        if (windowing == null) {
            return aggregates.results(all);
        }
        Accumulators merged = aggregates.newAccumulators();
        slices.values().forEach(slice -> aggregates.merge(merged, slice));
        return aggregates.results(merged);
    }
}
