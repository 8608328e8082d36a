package io.tally.engine.partial;

import io.tally.engine.row.Aggregates;
import org.jspecify.annotations.Nullable;

/** The results of a single partial. */
public final class PartialValues {
    private final Aggregates aggregates;
    private final PartialReader reader;

    public PartialValues(Aggregates aggregates) {
        this.aggregates = aggregates;
        reader = new PartialReader(aggregates);
    }

    /**
     * One result per aggregate. Reads the partial's accumulators.
     *
     * @throws IllegalStateException if they are damaged
     */
    public @Nullable Object[] of(Partial partial) {
        return aggregates.results(reader.read(partial));
    }
}
