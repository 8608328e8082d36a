package io.tally.aggregate;

import java.util.List;

/** Makes aggregates of users' functions. */
public final class CustomAggregates {
    private CustomAggregates() {}

    /**
     * An aggregate whose accumulators are the function's.
     *
     * @param name the aggregate's name, for error texts
     * @param slots the input slots of the fields that the function reads, in its order; they hold texts
     */
    public static <A> Aggregate of(String name, CustomAggregate<A> function, List<Integer> slots) {
        return new CustomAdapter<>(name, function, List.copyOf(slots));
    }
}
