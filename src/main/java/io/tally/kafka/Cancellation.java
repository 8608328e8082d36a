package io.tally.kafka;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Lets one thread end what another one waits for. */
final class Cancellation {
    private final CountDownLatch cancelled = new CountDownLatch(1);

    void cancel() {
        cancelled.countDown();
    }

    boolean isCancelled() {
        return cancelled.getCount() == 0;
    }

    /** @throws RestoreCancelledException if it is cancelled */
    void check() {
        if (isCancelled()) {
            throw new RestoreCancelledException();
        }
    }

    /**
     * Waits.
     *
     * @throws RestoreCancelledException if it is cancelled meanwhile
     */
    void pause(Duration duration) {
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
