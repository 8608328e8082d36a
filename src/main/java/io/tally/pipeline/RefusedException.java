package io.tally.pipeline;

import io.tally.pipeline.status.Refusal;
import org.jspecify.annotations.Nullable;

/** Thrown where a partition must not go on; see {@link Refusal}. */
public final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Refusal refusal;
    private final transient @Nullable Loss loss;

    public RefusedException(String problem, String remedy) {
        this(new Refusal(problem, remedy), null);
    }

    public RefusedException(Refusal refusal) {
        this(refusal, null);
    }

    /** @param discreet the problem without what records hold; see {@link Refusal} */
    public RefusedException(String problem, String remedy, String discreet) {
        this(new Refusal(problem, remedy, discreet), null);
    }

    private RefusedException(Refusal refusal, @Nullable Loss loss) {
        super(refusal.toString());
        this.refusal = refusal;
        this.loss = loss;
    }

    /** The same refusal, made permanent: the loss must be noted with the committed offset. */
    public RefusedException noting(Loss lost) {
        return new RefusedException(refusal, lost);
    }

    public Refusal refusal() {
        return refusal;
    }

    /** The loss to note, since its proof may be gone the next time; null if the cause stays visible. */
    public @Nullable Loss loss() {
        return loss;
    }
}
