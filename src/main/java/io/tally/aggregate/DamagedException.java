package io.tally.aggregate;

/** Bytes are not of the form in which they must have been written. */
public final class DamagedException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    /**
     * Of what was found.
     *
     * @param finding what stands where
     */
    public DamagedException(String finding) {
        super(finding);
    }

    public DamagedException(IllegalStateException cause) {
        super(cause.getMessage(), cause);
    }
}
