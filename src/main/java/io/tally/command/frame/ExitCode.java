package io.tally.command.frame;

/** How a command ends, for scripts. The numbers are documented in docs/commands.md. */
public enum ExitCode {
    /** It was done, and found nothing wrong. */
    GOOD(0),
    /** It was done, and has found differences or errors. */
    FOUND(1),
    /** The arguments or the configuration are wrong, or do not allow it. */
    USAGE(2),
    /** It could not be done, since a broker does not answer, or does not allow it, or data is gone. */
    FAILED(3);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    /** What the process returns. */
    public int number() {
        return number;
    }
}
