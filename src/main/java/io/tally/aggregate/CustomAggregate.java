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
     * <p>An exception makes the record a dead letter with the reason AGGREGATE_FAILED; then no function of the pipeline
     * counts it. It does no harm to have changed the accumulator before, which is a {@link #copy}.
     *
     * @throws Exception if the record is refused
     */
    A add(A accumulator, AggregateInput input) throws Exception;

    /**
     * Whether {@link #add} takes records in which a field of its has no value, and asks for that with
     * {@link AggregateInput#isMissing}. By default it never sees them: they are passed over, as by SQL's functions.
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
     * The accumulator's durable form, the same bytes for the same accumulator. Keep it small: each checkpoint has it.
     */
    byte[] write(A accumulator);

    /**
     * The accumulator of which {@link #write} gave these bytes. Check what you read: bytes that are none of yours
     * should end in an exception.
     */
    A read(byte[] bytes);

    /**
     * About how many bytes of the heap the accumulator takes, so that the limit of what windows may take of it can be
     * kept. It is asked after the first record, and again each time there are a quarter more. The default assumes twice
     * of what {@link #write} gives, and some more; a function whose accumulator is much larger than that says so.
     */
    default long heapBytes(A accumulator) {
        return 64 + 2L * write(accumulator).length;
    }

    /**
     * An independent copy. The default writes and reads, for every record; functions with a large accumulator do
     * better, and those whose accumulator is immutable return it as it is.
     */
    default A copy(A accumulator) {
        return read(write(accumulator));
    }
}
