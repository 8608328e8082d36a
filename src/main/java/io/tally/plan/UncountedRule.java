package io.tally.plan;

/**
 * When to report a partition that counts hardly any of its records.
 *
 * @param share of dead letters and late records among the latest ones, more than 0, at most 1
 * @param records how many there must be at least
 * @param readiness whether the pipeline is not ready then
 */
public record UncountedRule(double share, int records, boolean readiness) {
    /** The rule without a setting. */
    public static final UncountedRule USUAL = new UncountedRule(0.9, 10, true);
}
