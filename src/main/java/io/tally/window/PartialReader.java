package io.tally.window;

/** Reads accumulators aside first, so that damaged ones change nothing. */
final class PartialReader {
    private final Aggregates aggregates;
    private final Accumulators scratch;

    PartialReader(Aggregates aggregates) {
        this.aggregates = aggregates;
        scratch = aggregates.newAccumulators();
    }

    /**
     * The partial's accumulators, until the next call.
     *
     * @throws IllegalStateException if they are damaged
     */
    Accumulators read(Partial partial) {
        scratch.clear();
        aggregates.read(scratch, partial.accumulators());
        return scratch;
    }
}
