package io.tally.window;

/** An entry of a version before this one, which lacks what this one must know; no damage. */
public final class FormerEntryException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    FormerEntryException(String message) {
        super(message);
    }
}
