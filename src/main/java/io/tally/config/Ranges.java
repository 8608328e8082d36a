package io.tally.config;

import io.tally.config.problem.Problems;

/** Whether numbers are within their limits. */
final class Ranges {
    static final int MOST_LANES = 1000;

    private Ranges() {}

    static void check(String property, long value, long least, long most, String example, Problems problems) {
        if (value < least || value > most) {
            problems.add(
                    property,
                    value,
                    most == Long.MAX_VALUE || most == Integer.MAX_VALUE
                            ? "must be at least " + least
                            : "must be " + least + " to " + most,
                    example);
        }
    }
}
