package io.tally.kafka.member;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Lets one thread end another's wait. */
public final class Cancellation {
    private final CountDownLatch cancelled = new CountDownLatch(1);

    public void cancel() {
        cancelled.countDown();
    }

    public boolean isCancelled() {
        return cancelled.getCount() == 0;
    }

    /**
     * Returns only if nobody has cancelled.
     *
     * @throws RestoreCancelledException if it is cancelled
     */
    public void check() {
        if (isCancelled()) {
            throw new RestoreCancelledException();
        }
    }

    /**
     * Waits.
     *
     * @throws RestoreCancelledException if it is cancelled meanwhile
     */
    public void pause(Duration duration) {
        try {
            if (cancelled.await(duration.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new RestoreCancelledException();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RestoreCancelledException();
        }
    }
}
