package io.tally.aggregate;

import org.jspecify.annotations.Nullable;

/**
 * An aggregate function of a user, as a Spring bean that pipelines name: {@code aggregates.NAME: {type: custom,
 * function: BEAN, fields: [...]}}. How to write, test and deploy one: docs/aggregates.md.
 *
 * <p>Results are exactly-once only if the function keeps these rules; {@link io.tally.testkit.AggregateLaws} checks
 * them.
 *
 * <ul>
 *   <li>It is deterministic: no clock, no random numbers, no hash order, no calls elsewhere. After a crash the same
 *       records are added again, and must give the same accumulator, or be refused again.
 *   <li>{@code read(write(x))} is {@code x} in every respect.
 *   <li>{@link #merge} is associative, and merging the accumulators of any split of the records, in order, gives the
 *       same result as adding the records one by one. Behind a shuffle it must be commutative, too.
 * </ul>
 *
 * <p>One instance is called by many threads, each with accumulators of its own, so it keeps no state itself.
 *
 * @param <A> the accumulator
 */
public interface CustomAggregate<A> {
    /**
     * Version of what accumulators mean, not empty; part of the pipeline's fingerprint. Change it whenever an old
     * accumulator, or an old record, would be understood differently: a pipeline with open windows then refuses to go
     * on with them instead of mixing two meanings.
     */
    String version();

    /** A new accumulator, without any record. */
    A create();

    /**
     * Adds a record: changes the accumulator and returns it, or returns another.
     *
     * <p>An exception makes the record a dead letter with the reason AGGREGATE_FAILED. Then no function of the pipeline
     * counts it. The accumulator is a {@link #copy}, so it does no harm if it was changed before.
     *
     * @throws Exception if the record is refused
     */
    A add(A accumulator, AggregateInput input) throws Exception;

    /**
     * Whether {@link #add} takes records that lack one of its fields; it then asks with
     * {@link AggregateInput#isMissing}. By default it never sees such records: they are passed over, as SQL's functions
     * do.
     */
    default boolean takesMissing() {
        return false;
    }

    /**
     * Merges two accumulators; the records of {@code right} came after those of {@code left}. May change and return
     * {@code left}. Must not throw.
     */
    A merge(A left, A right);

    /**
     * The result of a closed window, without changing the accumulator. Must not throw: the partition could not go on.
     *
     * @return a number, a text, a {@link java.util.List} or {@link java.util.Map} of such, or null for no value;
     *     numbers that are not finite count as no value
     */
    @Nullable
    Object result(A accumulator);

    /**
     * The accumulator's durable form, the same bytes for the same accumulator. Keep it small: each checkpoint writes
     * it.
     */
    byte[] write(A accumulator);

    /**
     * Reads an accumulator that {@link #write} wrote. Check what you read: throw an exception for bytes that you did
     * not write.
     */
    A read(byte[] bytes);

    /**
     * About how many bytes of the heap the accumulator takes, so that windows can be kept within their limit. It is
     * called after the first record, and again each time there are a quarter more. The default assumes twice what
     * {@link #write} gives, and some more. Override it if the accumulator is much larger than that.
     */
    default long heapBytes(A accumulator) {
        return 64 + 2L * write(accumulator).length;
    }

    /**
     * An independent copy, made for every record. The default writes and reads the accumulator. A function with a large
     * accumulator should do better; one with an immutable accumulator returns it as it is.
     */
    default A copy(A accumulator) {
        return read(write(accumulator));
    }
}
