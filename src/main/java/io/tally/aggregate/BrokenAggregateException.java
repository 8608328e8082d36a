package io.tally.aggregate;

/**
 * A function failed and no record is to blame: it could not merge, write or read an accumulator, or make its result.
 * The partition cannot go on.
 */
public final class BrokenAggregateException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    /**
     * A failure.
     *
     * @param message one sentence that names function and method
     */
    public BrokenAggregateException(String message, Throwable cause) {
        super(message, cause);
    }
}
