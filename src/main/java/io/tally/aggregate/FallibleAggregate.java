package io.tally.aggregate;

import io.tally.engine.row.Aggregates;
import org.jspecify.annotations.Nullable;

/**
 * An aggregate function that may refuse an event. Its accumulator is one object, and {@link #added} never changes the
 * one that it is given. So {@link Aggregates} can ask all such functions before any function of the row folds the
 * event, and no event is ever half applied.
 *
 * <p>Whether an event is refused must depend on the accumulator and the event alone, since a replay has to take the
 * same decision.
 */
public interface FallibleAggregate extends Aggregate {
    /**
     * The accumulator with one more event.
     *
     * @param accumulator is left as it is; null for an empty one
     * @return null if it is still empty, since the event was passed over
     * @throws AggregateFailedException if the event is refused
     */
    @Nullable
    Object added(@Nullable Object accumulator, Event event);

    @Override
    default int longs() {
        return 0;
    }

    @Override
    default int objects() {
        return 1;
    }

    @Override
    default void add(Cells cells, Event event) {
        cells.object(0, added(cells.object(0), event));
    }
}
