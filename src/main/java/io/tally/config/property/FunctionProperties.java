package io.tally.config.property;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * One aggregate function; docs/aggregates.md has all of them with their parameters, memory and error bounds.
 *
 * @param type Function: count, sum, min, max, avg, variance, stddev, first, last, distinct, distinct-approx, quantiles,
 *     top, collect or custom. Required.
 * @param field Field that is aggregated; required except for count and custom. sum, min, max, avg, variance, stddev and
 *     quantiles need decimal numbers, the others take texts.
 * @param limit distinct, top, collect: the most texts that are kept per key and window, 1 to 32768; in any case 256
 *     KiB. Beyond, distinct and top have no result, and collect keeps the first. Default: 1000.
 * @param n top: how many texts are shown, 1 to the limit. Default: 10.
 * @param by top: field of numbers whose sums rank the texts. Default: none, the number of records ranks them.
 * @param quantiles quantiles: which quantiles, each 0 to 1, for example 0.5 for the median: q of n numbers is the one
 *     at place floor(q (n - 1)), counted from 0, in ascending order. Required for quantiles.
 * @param accuracy quantiles: relative error, 0.001 to 0.1. Default: 0.01.
 * @param precision distinct-approx: logarithm to the base 2 of the sketch's bytes, 6 to 16; the standard error is 0.782
 *     divided by the square root of the bytes. Default: 12, a standard error of 1.2 percent.
 * @param function custom: name of the bean, of type CustomAggregate. Required for custom.
 * @param fields custom: fields that the function reads, in its order. Default: none.
 */
@ConfigurationProperties("tally.pipelines.*.aggregates.*")
public record FunctionProperties(
        @Nullable AggregateType type,
        @Nullable String field,
        @Nullable Integer limit,
        @Nullable Integer n,
        @Nullable String by,
        @DefaultValue List<BigDecimal> quantiles,
        @Nullable BigDecimal accuracy,
        @Nullable Integer precision,
        @Nullable String function,
        @DefaultValue List<String> fields) {
    static final FunctionProperties COUNT =
            new FunctionProperties(AggregateType.COUNT, null, null, null, null, List.of(), null, null, null, List.of());

    public FunctionProperties {
        field = Texts.blankToNull(field);
        by = Texts.blankToNull(by);
        quantiles = List.copyOf(quantiles);
        function = Texts.blankToNull(function);
        fields = List.copyOf(fields);
    }

    /** Kind of aggregate function. */
    public enum AggregateType {
        /** Number of records. */
        COUNT,
        /** Exact decimal sum. */
        SUM,
        /** Smallest number. */
        MIN,
        /** Greatest number. */
        MAX,
        /** Mean, rounded half up to 6 digits after the point. */
        AVG,
        /** Sample variance, rounded half up to 16 significant digits. */
        VARIANCE,
        /** Sample standard deviation, likewise. */
        STDDEV,
        /** Text at the smallest event time. */
        FIRST,
        /** Text at the greatest event time. */
        LAST,
        /** Exact number of different texts, up to a limit. */
        DISTINCT,
        /** Approximate number of different texts. */
        DISTINCT_APPROX,
        /** Approximate quantiles of a number. */
        QUANTILES,
        /** The texts with the greatest counts or sums, exact, up to a limit of texts. */
        TOP,
        /** The first texts, up to a limit. */
        COLLECT,
        /** A function of the user. */
        CUSTOM
    }
}
