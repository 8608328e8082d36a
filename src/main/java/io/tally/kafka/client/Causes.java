package io.tally.kafka.client;

/** Failures in words. */
public final class Causes {
    private Causes() {}

    /** The innermost cause in one line: the outer ones only say that a transaction failed. */
    public static String describe(Throwable cause) {
        Throwable root = cause;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getClass().getSimpleName() + ": " + root.getMessage();
    }
}
