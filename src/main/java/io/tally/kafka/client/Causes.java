package io.tally.kafka.client;

import io.tally.pipeline.RefusedException;

/** Failures in words. */
public final class Causes {
    private Causes() {}

    /**
     * The innermost cause in one line: the outer ones only say that a transaction failed. It goes to logs, too, so it
     * quotes no key.
     */
    public static String describe(Throwable cause) {
        Throwable root = cause;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = root instanceof RefusedException refused
                ? refused.refusal().withoutData().toString()
                : root.getMessage();
        return root.getClass().getSimpleName() + ": " + message;
    }
}
