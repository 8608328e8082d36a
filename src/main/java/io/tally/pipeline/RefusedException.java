package io.tally.pipeline;

import io.tally.pipeline.status.Refusal;

/** Thrown where a partition must not go on; see {@link Refusal}. */
public final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Refusal refusal;

    public RefusedException(String problem, String remedy) {
        super(problem + " Remedy: " + remedy);
        refusal = new Refusal(problem, remedy);
    }

    public Refusal refusal() {
        return refusal;
    }
}
