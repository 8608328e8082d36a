package io.tally.aggregate.sketch;

import io.tally.aggregate.Aggregate;
import java.math.BigDecimal;
import java.util.List;

/** The approximate aggregate functions; their error bounds are in docs/aggregates.md. */
public final class Sketches {
    private Sketches() {}

    /**
     * Approximate number of different texts in a field slot: exact up to {@code 2^precision / 16}, beyond with a
     * standard error of {@code 0.782 / sqrt(2^precision)}.
     *
     * @throws IllegalArgumentException if the precision is not {@value ApproximateDistinct#MIN_PRECISION} to
     *     {@value ApproximateDistinct#MAX_PRECISION}
     */
    public static Aggregate approximateDistinct(int slot, int precision) {
        return new ApproximateDistinct(slot, precision);
    }

    /**
     * Approximate quantiles of the number in a field slot: each is within {@code accuracy} times itself of the number
     * of rank {@code floor(quantile * (n - 1))}, counted from 0, among the n in ascending order.
     *
     * @param quantiles each 0 to 1, at least one
     * @param accuracy relative error, 0.001 to 0.1
     * @throws IllegalArgumentException if a parameter is out of range
     */
    public static Aggregate quantiles(int slot, List<BigDecimal> quantiles, double accuracy) {
        return new Quantiles(slot, List.copyOf(quantiles), accuracy);
    }
}
