package io.tally.engine.row;

/** An entry of a version before this one, which lacks what this one must know; no damage. */
public final class FormerEntryException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    public FormerEntryException(String message) {
        super(message);
    }
}
