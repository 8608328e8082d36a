package io.tally.aggregate;

/**
 * A function failed where no record is to blame: it could not merge, write or read an accumulator, or make a result of
 * it. There is no way on without it.
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
