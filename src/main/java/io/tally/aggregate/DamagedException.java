package io.tally.aggregate;

/** Bytes do not have the form in which they must have been written. */
public final class DamagedException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    /**
     * An exception about a finding.
     *
     * @param finding what was found, and where
     */
    public DamagedException(String finding) {
        super(finding);
    }

    public DamagedException(IllegalStateException cause) {
        super(cause.getMessage(), cause);
    }
}
