package io.tally.kafka;

/** A restore is of no more use: its partition was revoked, or the lane stops. */
final class RestoreCancelledException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RestoreCancelledException() {
        super("the restore was cancelled");
    }
}
