package io.tally.kafka.transaction;

import org.jspecify.annotations.Nullable;

/** Ends several things, each of them whatever becomes of the others. */
public final class EndAll {
    private EndAll() {}

    /** Runs all steps, then throws what the first of them threw that did, with what others threw suppressed. */
    public static void all(Runnable... steps) {
        Throwable first = null;
        for (Runnable step : steps) {
            first = run(step, first);
        }
        if (first instanceof Error e) {
            throw e;
        }
        if (first instanceof RuntimeException e) {
            throw e;
        }
    }

    private static @Nullable Throwable run(Runnable step, @Nullable Throwable first) {
        try {
            step.run();
        } catch (RuntimeException | Error e) {
            if (first == null) {
                return e;
            }
            if (first != e) {
                first.addSuppressed(e);
            }
        }
        return first;
    }
}
