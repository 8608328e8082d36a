package io.tally.kafka.member;

/** A restore is not needed any more: its partition was revoked, or the lane stops. */
public final class RestoreCancelledException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public RestoreCancelledException() {
        super("the restore was cancelled");
    }
}
