package io.tally.kafka.lane;

import io.tally.pipeline.control.Outcome;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.Consumer;

/**
 * Where other threads leave requests for a lane, whose clients and partitions nobody else may touch. The lane does one
 * of them between two transactions. Few fit in, so that nobody waits behind many.
 */
final class Mailbox {
    static final int ROOM = 8;

    private final Queue<LaneRequest<?>> requests = new ArrayBlockingQueue<>(ROOM);
    private volatile boolean closed;

    /** Leaves a request, which is turned down if there is no room or the lane has stopped. From any thread. */
    <A> LaneRequest<A> post(Function<Consumer<?, ?>, A> work, BiFunction<Outcome, String, A> unanswered) {
        LaneRequest<A> request = new LaneRequest<>(work, unanswered);
        if (!requests.offer(request)) {
            request.turnDown(ROOM + " requests wait for it already. Ask again");
        }
        if (closed) {
            // Whoever closed it may not have seen the request.
            turnAllDown();
        }
        return request;
    }

    /** Does the next request, if there is one; on the consumer thread, between two transactions. */
    void serve(Consumer<?, ?> consumer) {
        for (LaneRequest<?> request = requests.poll(); request != null; request = requests.poll()) {
            if (request.take()) {
                request.run(consumer);
                return;
            }
        }
    }

    /** The lane stops, and does nothing more. */
    void close() {
        closed = true;
        turnAllDown();
    }

    private void turnAllDown() {
        for (LaneRequest<?> request = requests.poll(); request != null; request = requests.poll()) {
            request.turnDown("the lane has stopped");
        }
    }
}
