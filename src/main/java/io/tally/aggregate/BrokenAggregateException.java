package io.tally.aggregate;

/**
 * A function failed and no record is to blame: it could not merge, write or read an accumulator, or make its result.
 * The partition cannot go on.
 */
public final class BrokenAggregateException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    private final String discreet;

    /**
     * A failure.
     *
     * @param what names function and method, and says that it failed; the text of the cause, which may quote a value,
     *     is added
     */
    public BrokenAggregateException(String what, Throwable cause) {
        super(what + ": " + cause, cause);
        discreet = what + " by " + cause.getClass().getName();
    }

    /** The message without what the function says, since that may quote what records hold. */
    public String discreet() {
        return discreet;
    }
}
