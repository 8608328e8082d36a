package io.tally.aggregate;

import java.util.List;

/** Makes aggregates out of users' functions. */
public final class CustomAggregates {
    private CustomAggregates() {}

    /**
     * An aggregate that keeps the accumulators of a user's function.
     *
     * @param name the aggregate's name, for error texts
     * @param slots the input slots of the fields that the function reads, in its order; they hold texts
     */
    public static <A> Aggregate of(String name, CustomAggregate<A> function, List<Integer> slots) {
        return new CustomAdapter<>(name, function, List.copyOf(slots));
    }
}
