package io.tally.engine.row;

/** An entry was written by an older version and lacks something that this version must know. It is not damaged. */
public final class FormerEntryException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    public FormerEntryException(String message) {
        super(message);
    }
}
