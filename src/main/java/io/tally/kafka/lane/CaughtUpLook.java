package io.tally.kafka.lane;

import io.tally.kafka.member.LanePartitions;
import io.tally.kafka.topic.AdminSource;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.clients.consumer.Consumer;

/**
 * Notes once a second which partitions have nothing more to read, so that time lag tells a silent source from one that
 * cannot be kept up with. It compares what the consumer knows. So transaction markers do not look like records, and the
 * broker is not asked. Confined to the consumer thread.
 */
final class CaughtUpLook {
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final LanePartitions partitions;
    private final AdminSource broker;
    private long last = System.nanoTime() - INTERVAL.toNanos();

    /** @param broker tells whether the broker answers: while it is away the consumer knows of no new records */
    CaughtUpLook(LanePartitions partitions, AdminSource broker) {
        this.partitions = partitions;
        this.broker = broker;
    }

    /** Looks if it is time. Only while all that was delivered is committed. */
    void look(Consumer<?, ?> consumer) {
        long now = System.nanoTime();
        if (now - last < INTERVAL.toNanos()) {
            return;
        }
        last = now;
        if (broker.isAnswering()) {
            partitions.noteCaughtUp(consumer, Instant.now());
        }
    }
}
