package io.tally.kafka.lane;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The end of a lane, and how long others wait for it. The time counts from when the lane was told to stop: whoever
 * stops many lanes, and then waits for one after the other, waits for all of them as long as for one. Thread-safe.
 */
final class LaneStop {
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Duration patience;
    private final LongSupplier nanos;
    private boolean told;
    private long toldAt;

    /** @param nanos a clock that only goes forwards */
    LaneStop(Duration patience, LongSupplier nanos) {
        this.patience = patience;
        this.nanos = nanos;
    }

    /** It was told to stop; only the first time counts. */
    synchronized void tell() {
        if (!told) {
            told = true;
            toldAt = nanos.getAsLong();
        }
    }

    void stopped() {
        stopped.countDown();
    }

    boolean hasStopped() {
        return stopped.getCount() == 0;
    }

    /** How long one may still wait; zero or less if it should have stopped. */
    synchronized Duration left() {
        return told ? patience.minusNanos(nanos.getAsLong() - toldAt) : patience;
    }

    /** Waits until it has stopped, or has had its time; says whether it has stopped. */
    boolean await() throws InterruptedException {
        return stopped.await(left().toNanos(), TimeUnit.NANOSECONDS);
    }
}
