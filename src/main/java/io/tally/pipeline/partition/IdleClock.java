package io.tally.pipeline.partition;

import java.time.Duration;

/** Tells how long no record has come. Times are arguments, in milliseconds of any steady clock. */
final class IdleClock {
    private final Duration timeout;
    /** The end of the records that stands still, and since when. */
    private long offset = -1;

    private long since;

    IdleClock(Duration timeout) {
        this.timeout = timeout;
    }

    /**
     * Whether the timeout is over since the records ended somewhere else.
     *
     * @param recordsEnd where they end now
     */
    boolean isOver(long now, long recordsEnd) {
        if (offset != recordsEnd) {
            offset = recordsEnd;
            since = now;
        }
        return now - since >= timeout.toMillis();
    }
}
