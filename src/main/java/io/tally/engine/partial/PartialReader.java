package io.tally.engine.partial;

import io.tally.aggregate.BrokenAggregateException;
import io.tally.aggregate.DamagedException;
import io.tally.engine.row.Accumulators;
import io.tally.engine.row.Aggregates;

/** Reads a partial's accumulators before they are folded, so that damaged ones change nothing. */
public final class PartialReader {
    private final Aggregates aggregates;
    private final Accumulators scratch;

    public PartialReader(Aggregates aggregates) {
        this.aggregates = aggregates;
        scratch = aggregates.newAccumulators();
    }

    /**
     * The partial's accumulators, until the next call.
     *
     * @throws DamagedException if they are damaged
     */
    public Accumulators read(Partial partial) {
        scratch.clear();
        try {
            aggregates.read(scratch, partial.accumulators());
        } catch (BrokenAggregateException e) {
            throw e;
        } catch (IllegalStateException e) {
            throw new DamagedException(e);
        }
        return scratch;
    }
}
