package io.tally.engine.partial;

import io.tally.aggregate.AggregateFailedException;
import io.tally.aggregate.Event;
import io.tally.engine.WindowEngine;

/**
 * Folds many events into few partials. An engine of the same windows takes these by {@link WindowEngine#foldPartial},
 * and its results are the same as if it had folded the events. A combiner has no watermark, so nothing is late here and
 * nothing closes. Belongs to one thread.
 */
public interface Combiner {
    /**
     * Folds an event.
     *
     * @param watermark the watermark of the event's source at the event; it never goes back
     * @throws AggregateFailedException if a function refuses the event; no row has changed then, and none is new
     */
    void fold(Event event, long watermark);

    /** Number of rows, and so of partials that {@link #takePartials} would give. */
    long entries();

    /** Hands out all rows, in an order that depends on the events alone, and begins anew. */
    void takePartials(PartialOutput output);
}
