package io.tally.kafka.lane;

import io.tally.kafka.client.Causes;
import io.tally.pipeline.control.Outcome;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.Consumer;

/**
 * Work that a lane is asked to do on its own thread. Either the lane takes it, or the asking thread withdraws it. So a
 * request that was answered with {@link Outcome#BUSY} is never done later.
 *
 * @param <A> the answer
 */
public final class LaneRequest<A> {
    private enum State {
        WAITING,
        TAKEN,
        WITHDRAWN
    }

    private final Function<Consumer<?, ?>, A> work;
    private final BiFunction<Outcome, String, A> unanswered;
    private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);
    private final CompletableFuture<A> answer = new CompletableFuture<>();

    /**
     * Waits to be taken.
     *
     * @param work what is to be done
     * @param unanswered the answer if it is not done, from what became of it and why
     */
    LaneRequest(Function<Consumer<?, ?>, A> work, BiFunction<Outcome, String, A> unanswered) {
        this.work = work;
        this.unanswered = unanswered;
    }

    /** The lane begins with it; false if it was withdrawn. */
    boolean take() {
        return state.compareAndSet(State.WAITING, State.TAKEN);
    }

    /** Does it, on the consumer thread. What it throws becomes the answer; an error is thrown, too. */
    void run(Consumer<?, ?> consumer) {
        try {
            answer.complete(work.apply(consumer));
        } catch (RuntimeException | Error e) {
            answer.complete(unanswered.apply(Outcome.FAILED, Causes.describe(e)));
            if (e instanceof Error error) {
                throw error;
            }
        }
    }

    /** Answers that it is not done, and why. */
    void turnDown(String why) {
        if (state.compareAndSet(State.WAITING, State.WITHDRAWN)) {
            answer.complete(unanswered.apply(Outcome.BUSY, why));
        }
    }

    /** Waits for the answer. If there is none in time, the request is withdrawn, unless the lane has begun with it. */
    public A await(Duration patience) {
        try {
            return answer.get(Math.max(0, patience.toMillis()), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            turnDown("it did not get to it in time: its transaction takes long, or it waits for the broker. Ask again");
            return answer.getNow(unanswered.apply(
                    Outcome.RUNNING, "it has begun, and is not done yet; see the offsets of its partitions"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            turnDown("the wait was interrupted");
            return answer.getNow(unanswered.apply(Outcome.RUNNING, "it has begun, and the wait was interrupted"));
        } catch (ExecutionException e) {
            throw new IllegalStateException("an answer is never a failure", e);
        }
    }
}
