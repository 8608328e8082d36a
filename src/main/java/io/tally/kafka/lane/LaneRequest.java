package io.tally.kafka.lane;

import io.tally.kafka.client.Causes;
import io.tally.pipeline.control.LaneReport;
import io.tally.pipeline.control.Outcome;
import io.tally.pipeline.control.PartitionReport;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.Consumer;

/**
 * Something that a lane shall do on its own thread. Either the lane takes it, or who asked withdraws it: so what was
 * answered with {@link Outcome#BUSY} is never done later.
 */
public final class LaneRequest {
    private enum State {
        WAITING,
        TAKEN,
        WITHDRAWN
    }

    private final int lane;
    private final Function<Consumer<?, ?>, List<PartitionReport>> work;
    private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);
    private final CompletableFuture<LaneReport> answer = new CompletableFuture<>();

    LaneRequest(int lane, Function<Consumer<?, ?>, List<PartitionReport>> work) {
        this.lane = lane;
        this.work = work;
    }

    /** The lane begins with it; false if it was withdrawn. */
    boolean take() {
        return state.compareAndSet(State.WAITING, State.TAKEN);
    }

    /** Does it, on the consumer thread. What it throws becomes the answer; an error is thrown, too. */
    void run(Consumer<?, ?> consumer) {
        try {
            List<PartitionReport> partitions = work.apply(consumer);
            answer.complete(new LaneReport(lane, worst(partitions), null, partitions));
        } catch (RuntimeException | Error e) {
            answer.complete(new LaneReport(lane, Outcome.FAILED, Causes.describe(e), List.of()));
            if (e instanceof Error error) {
                throw error;
            }
        }
    }

    private static Outcome worst(List<PartitionReport> partitions) {
        return partitions.stream()
                .map(PartitionReport::outcome)
                .max(Comparator.naturalOrder())
                .orElse(Outcome.DONE);
    }

    /** It is not done, and why. */
    void turnDown(String why) {
        if (state.compareAndSet(State.WAITING, State.WITHDRAWN)) {
            answer.complete(new LaneReport(lane, Outcome.BUSY, why, List.of()));
        }
    }

    /** Waits for the answer. If there is none in time, the request is withdrawn, unless the lane has begun with it. */
    public LaneReport await(Duration patience) {
        try {
            return answer.get(Math.max(0, patience.toMillis()), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            turnDown("it did not get to it in time: its transaction takes long, or it waits for the broker. Ask again");
            return answer.getNow(new LaneReport(
                    lane,
                    Outcome.RUNNING,
                    "it has begun, and is not done yet; see the offsets of its partitions",
                    List.of()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            turnDown("the wait was interrupted");
            return answer.getNow(
                    new LaneReport(lane, Outcome.RUNNING, "it has begun, and the wait was interrupted", List.of()));
        } catch (ExecutionException e) {
            throw new IllegalStateException("an answer is never a failure", e);
        }
    }
}
