package io.tally.codec;

import io.tally.codec.Rejection.Reason;

/**
 * Carries a {@link Rejection} from any part of the decoder to {@link io.tally.codec.decode.PipelineDecoder}, which
 * alone catches it. It has no stack trace: a flood of bad records must not cost more than their dead letters do.
 */
@SuppressWarnings("serial") // never leaves the package
public final class RejectedException extends RuntimeException {
    private final Rejection rejection;

    public RejectedException(Reason reason, String detail) {
        super(detail, null, false, false);
        this.rejection = Rejection.of(reason, detail);
    }

    public Rejection rejection() {
        return rejection;
    }
}
