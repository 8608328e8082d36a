package io.tally.engine.partial;

import io.tally.aggregate.AggregateFailedException;
import io.tally.aggregate.Event;
import io.tally.engine.WindowEngine;

/**
 * Folds events of many sources into few partials, which an engine of the same windows takes by
 * {@link WindowEngine#foldPartial}: the result is the same as if it had folded the events. Has no watermark, so nothing
 * is late here and nothing closes; belongs to one thread.
 */
public interface Combiner {
    /**
     * Folds an event.
     *
     * @param watermark that of the event's source at the event, which never goes back
     * @throws AggregateFailedException if a function refuses the event; no row has changed then, and none is new
     */
    void fold(Event event, long watermark);

    /** Number of rows, which is how many partials {@link #takePartials} would give. */
    long entries();

    /** Hands out all rows, in an order that depends on the events alone, and begins anew. */
    void takePartials(PartialOutput output);
}
