package io.tally.bench.ground;

import java.util.stream.DoubleStream;

/** Quantiles of a sample: for each the smallest value that so many of the values do not exceed. */
public record Percentiles(int count, double p50, double p90, double p99, double max) {
    public static Percentiles of(DoubleStream sample) {
        double[] sorted = sample.sorted().toArray();
        if (sorted.length == 0) {
            throw new IllegalStateException("nothing was measured");
        }
        return new Percentiles(
                sorted.length, rank(sorted, 0.5), rank(sorted, 0.9), rank(sorted, 0.99), rank(sorted, 1));
    }

    private static double rank(double[] sorted, double share) {
        return sorted[(int) Math.ceil(share * sorted.length) - 1];
    }
}
