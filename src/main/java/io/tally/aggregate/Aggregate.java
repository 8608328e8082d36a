package io.tally.aggregate;

import io.tally.engine.WindowResult;
import org.jspecify.annotations.Nullable;

/**
 * A mergeable aggregate function over the events of one key in one window. Stateless itself: its accumulator lives in
 * the {@link Cells} that it is handed, whose all-zero state is "no event yet".
 *
 * <p>{@code merge} must be associative, and {@code read(write(x))} must give back {@code x}; adding events one by one
 * and merging the accumulators of any split of them, in order, must give the same result.
 */
public interface Aggregate {
    /** Number of primitive cells of the accumulator. */
    int longs();

    /** Number of object cells of the accumulator; 0 if it fits primitives. */
    int objects();

    /** Folds one event. Passes over it if a field that it needs is missing, as SQL does with null. */
    void add(Cells cells, Event event);

    /**
     * Folds another accumulator of the same aggregate, whose events come after those of {@code cells}. The other one is
     * left as it is and shares nothing with {@code cells} that either could change.
     */
    void merge(Cells cells, Cells other);

    /** The result, of the types that {@link WindowResult} lists; null for "no value". */
    @Nullable
    Object result(Cells cells);

    /**
     * Whether the result depends on the order of events that the shuffle may change: of those that come from different
     * partitions.
     */
    default boolean dependsOnOrder() {
        return false;
    }

    /**
     * About how many bytes of the heap the objects in the object cells take. It is called before and after each change,
     * so it must be as fast as a change.
     */
    default long heapBytes(Cells cells) {
        return 0;
    }

    /** Writes the accumulator's durable form. */
    void write(Cells cells, StateOutput out);

    /**
     * Reads what {@link #write} wrote, into an empty accumulator.
     *
     * @throws IllegalStateException if the bytes are not of that form
     */
    void read(Cells cells, StateInput in);
}
