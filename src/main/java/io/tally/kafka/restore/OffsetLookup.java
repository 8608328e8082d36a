package io.tally.kafka.restore;

import io.tally.kafka.client.Futures;
import io.tally.kafka.member.Cancellation;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks Kafka for the offsets that a restore begins with. It asks for many partitions at once, since with small states a
 * restore is little more than such questions. Partitions for which that fails are asked for one by one, when it is
 * their turn, so that none waits for another one's open transaction or missing leader.
 */
final class OffsetLookup {
    private static final Logger log = LoggerFactory.getLogger(OffsetLookup.class);
    /** How long an answer is good for. Later, a source may have lost what it still had then. */
    private static final Duration FRESH = Duration.ofSeconds(2);

    private final Consumer<ByteBuffer, ByteBuffer> consumer;
    private final LogOffsets offsets;
    private final String stateTopic;
    private final PredecessorTransactions predecessors;
    private final Cancellation cancellation;
    private final Duration attempt;
    private final Duration giveUp;

    private final Map<TopicPartition, PartitionOffsets> known = new HashMap<>();
    private long asked;
    private boolean together = true;

    /**
     * The offsets of a source partition and of its state partition.
     *
     * @param committed the offset that is committed for the source partition; null if there is none
     * @param start first offset that the source still holds
     * @param end where the source ends
     * @param stateStart first offset that the state partition still holds
     * @param stateEnd the state partition's high watermark, looked up after {@code committed}
     */
    record PartitionOffsets(
            @Nullable OffsetAndMetadata committed, long start, LogOffsets.End end, long stateStart, long stateEnd) {}

    /**
     * Asks through a consumer that has the pipeline's group but is no member of it.
     *
     * @param attempt how long to wait before looking whether somebody's open transaction is in the way
     * @param giveUp how long to wait for the offset of one partition
     */
    OffsetLookup(
            Consumer<ByteBuffer, ByteBuffer> consumer,
            LogOffsets offsets,
            String stateTopic,
            PredecessorTransactions predecessors,
            Cancellation cancellation,
            Duration attempt,
            Duration giveUp) {
        this.consumer = consumer;
        this.offsets = offsets;
        this.stateTopic = stateTopic;
        this.predecessors = predecessors;
        this.cancellation = cancellation;
        this.attempt = attempt;
        this.giveUp = giveUp;
    }

    /** Asks for partitions whose turn is soon, unless their answers are there. */
    void ahead(Collection<TopicPartition> partitions) {
        boolean answered = isFresh() && known.keySet().containsAll(partitions);
        if (answered || !together || partitions.size() < 2) {
            return;
        }
        known.clear();
        asked = System.nanoTime();
        try {
            Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(Set.copyOf(partitions), attempt);
            LogOffsets.Ranges ranges = ranges(partitions, attempt);
            partitions.forEach(partition -> known.put(partition, offsets(partition, committed.get(partition), ranges)));
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            together = false;
            log.debug("Each partition is asked for at its turn", e);
        }
    }

    private boolean isFresh() {
        return System.nanoTime() - asked < FRESH.toNanos();
    }

    /**
     * The offsets of one partition, once no transaction is pending on the committed one.
     *
     * @param check throws when the answer is of no more use
     * @throws KafkaException what the broker or client answered, or a time-out
     */
    PartitionOffsets of(TopicPartition partition, Runnable check) {
        check.run();
        PartitionOffsets found = known.remove(partition);
        if (found != null && isFresh()) {
            return found;
        }
        OffsetAndMetadata committed = committed(partition, check);
        return offsets(partition, committed, ranges(List.of(partition), Futures.PATIENCE));
    }

    /** To be asked for when the committed offsets are there, so that the ends cover what these stand for. */
    private LogOffsets.Ranges ranges(Collection<TopicPartition> partitions, Duration patience) {
        List<TopicPartition> all = new ArrayList<>(partitions);
        partitions.forEach(partition -> all.add(state(partition)));
        return offsets.ranges(all, patience);
    }

    private PartitionOffsets offsets(
            TopicPartition partition, @Nullable OffsetAndMetadata committed, LogOffsets.Ranges ranges) {
        TopicPartition state = state(partition);
        return new PartitionOffsets(
                committed,
                ranges.start(partition),
                ranges.end(partition),
                ranges.start(state),
                ranges.end(state).offset());
    }

    private TopicPartition state(TopicPartition source) {
        return new TopicPartition(stateTopic, source.partition());
    }

    /**
     * The committed offset once no transaction is pending on it; null if there is none.
     *
     * @param check throws when the answer is of no more use
     * @throws TimeoutException if one stays pending
     */
    @Nullable
    OffsetAndMetadata committed(TopicPartition partition, Runnable check) {
        long deadline = System.nanoTime() + giveUp.toNanos();
        while (true) {
            check.run();
            try {
                return consumer.committed(Set.of(partition), attempt).get(partition);
            } catch (TimeoutException e) {
                if (System.nanoTime() - deadline > 0) {
                    throw e;
                }
                predecessors.settleUnknown(cancellation);
            }
        }
    }
}
