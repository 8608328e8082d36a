package io.tally.kafka.client;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.InterruptException;

/** Waiting for the admin client's answers with a deadline, without checked exceptions. */
public final class Futures {
    /**
     * Longer than the client's own retries need when a broker fails over. For a dead broker the client fails sooner.
     */
    public static final Duration PATIENCE = Duration.ofSeconds(15);

    private Futures() {}

    /**
     * Waits for an answer.
     *
     * @throws KafkaException what the broker or client answered, or a time-out
     */
    public static <T> T get(KafkaFuture<T> future) {
        return get(future, PATIENCE);
    }

    public static <T> T get(KafkaFuture<T> future, Duration patience) {
        try {
            return future.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof KafkaException cause) {
                throw cause;
            }
            throw new KafkaException(e.getCause());
        } catch (TimeoutException e) {
            throw new org.apache.kafka.common.errors.TimeoutException(
                    "no answer from the broker within " + patience.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
