package io.tally.window;

import org.jspecify.annotations.Nullable;

/** The results that a partial gives by itself. */
public final class PartialValues {
    private final PartialReader reader;

    public PartialValues(Aggregates aggregates) {
        reader = new PartialReader(aggregates);
    }

    /**
     * One result per aggregate; the partial's accumulators are read.
     *
     * @throws IllegalStateException if they are damaged
     */
    public @Nullable Object[] of(Partial partial) {
        reader.read(partial);
        return reader.results();
    }
}
