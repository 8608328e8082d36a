package io.tally.command.frame;

/** The arguments or the configuration do not allow a command; the message says why, and what to do. */
public final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UsageException(String message) {
        super(message);
    }
}
