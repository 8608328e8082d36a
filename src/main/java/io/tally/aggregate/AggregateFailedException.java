package io.tally.aggregate;

/**
 * A function refuses an event, so no function of its row can count it. It has no stack trace of its own, since a flood
 * of refused records must not cost more than their dead letters do.
 */
public final class AggregateFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * A refusal.
     *
     * @param message one sentence for the person who reads the dead letter
     */
    public AggregateFailedException(String message, Throwable cause) {
        super(message, cause, false, false);
    }
}
