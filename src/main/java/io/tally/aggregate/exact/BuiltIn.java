package io.tally.aggregate.exact;

import io.tally.aggregate.Aggregate;

/**
 * The aggregate functions that come with Tally. All but {@link #count} pass over events whose field has no value, as
 * SQL's do.
 */
public final class BuiltIn {
    private BuiltIn() {}

    /** Number of events. */
    public static Aggregate count() {
        return new Count();
    }

    /** Exact decimal sum of the number in a field slot; no digit is ever lost. No value if there is no number. */
    public static Aggregate sum(int slot) {
        return new Sum(slot);
    }

    /**
     * Smallest number in a field slot; of equal ones that are written differently (1 and 1.0) the one with the fewest
     * digits after the point.
     */
    public static Aggregate min(int slot) {
        return new Extreme(slot, -1);
    }

    /** Greatest number in a field slot; of equal ones as for {@link #min}. */
    public static Aggregate max(int slot) {
        return new Extreme(slot, 1);
    }

    /** Mean of the number in a field slot, rounded half up to {@value Average#DIGITS} digits after the point. */
    public static Aggregate average(int slot) {
        return new Average(slot);
    }

    /** Text of a field at the smallest event time; among equal times the one read first. */
    public static Aggregate first(int slot) {
        return new Edge(slot, false);
    }

    /** Text of a field at the greatest event time; among equal times the one read last. */
    public static Aggregate last(int slot) {
        return new Edge(slot, true);
    }

    /**
     * Sample variance (divided by n - 1) of the number in a field slot, computed exactly and rounded half up to
     * {@value Variance#DIGITS} significant digits; no value for fewer than two events.
     */
    public static Aggregate variance(int slot) {
        return new Variance(slot, false);
    }

    /** Square root of the sample {@link #variance}, computed exactly and rounded once, in the same way. */
    public static Aggregate standardDeviation(int slot) {
        return new Variance(slot, true);
    }

    /**
     * Exact number of different texts in a field slot; no value if there are more than {@code limit}, or more than
     * {@value TextBounds#MAX_BYTES} bytes of them, each counted with {@value TextBounds#OVERHEAD} more.
     *
     * @throws IllegalArgumentException if the limit is not 1 to {@value TextBounds#MAX_TEXTS}
     */
    public static Aggregate distinct(int slot, int limit) {
        return new Distinct(slot, new TextBounds(limit));
    }

    /**
     * The {@code number} most frequent texts in a field slot with their counts, exact; bounds as for {@link #distinct}.
     */
    public static Aggregate topByCount(int slot, int number, int limit) {
        return new Top(slot, -1, number, new TextBounds(limit));
    }

    /**
     * The {@code number} texts in a field slot with the greatest sums of the number in another slot, and these sums,
     * exact; bounds as for {@link #distinct}. Events that lack one of the two are passed over.
     */
    public static Aggregate topBySum(int slot, int weightSlot, int number, int limit) {
        return new Top(slot, weightSlot, number, new TextBounds(limit));
    }

    /** The first {@code limit} texts in a field slot in the order of the source; bounds as for {@link #distinct}. */
    public static Aggregate collect(int slot, int limit) {
        return new Collect(slot, new TextBounds(limit));
    }
}
