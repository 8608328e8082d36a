package io.tally.kafka;

import io.tally.pipeline.CommitPoint;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * The records of the running transaction: the poll that the container handed over, and further ones as long as each is
 * full. A transaction costs client and broker about the same whatever is in it, so it had better be large; but a poll
 * had better be small, so that its records are still in the processor's cache when they are folded (half a kilobyte
 * each, as the client makes them), and dead before a garbage collection comes by. Confined to the consumer thread.
 */
final class Batch {
    /** A transaction takes in no more polls once it is that old, so that slow functions do not make it time out. */
    private static final Duration MAX_AGE = Duration.ofSeconds(1);

    /**
     * How much goes into one transaction.
     *
     * @param poll most records of a poll, at most {@code transaction}
     * @param transaction most records of a transaction
     */
    record Limits(int poll, int transaction) {}

    private final LanePartitions partitions;
    private final Limits limits;
    private final long began = System.nanoTime();
    /** By partition, the offset to go on from. */
    private final Map<OwnedPartition, Long> next = new LinkedHashMap<>();

    private final Set<TopicPartition> committedEarly = new HashSet<>();
    private int records;

    Batch(LanePartitions partitions, Limits limits) {
        this.partitions = partitions;
        this.limits = limits;
    }

    /** Folds the records of one poll, all of which are of active partitions. */
    void fold(ConsumerRecords<ByteBuffer, ByteBuffer> poll) {
        // One per poll: a young object, in which references are stored at less cost.
        RecordView view = new RecordView();
        for (TopicPartition id : poll.partitions()) {
            OwnedPartition partition = partitions.owned(id);
            OffsetAndMetadata position = poll.nextOffsets().get(id);
            long offset = partitions.work(partition, (processor, outbox) -> {
                for (ConsumerRecord<ByteBuffer, ByteBuffer> record : poll.records(id)) {
                    processor.process(view.of(record), outbox);
                }
                return position == null ? processor.nextOffset() : position.offset();
            });
            next.put(partition, offset);
        }
        records += poll.count();
    }

    /** Whether there is room for another poll after one of so many records, and probably more to come. */
    boolean continuesAfter(int polled) {
        return polled >= limits.poll()
                && records + limits.poll() <= limits.transaction()
                && System.nanoTime() - began < MAX_AGE.toNanos();
    }

    /** @throws IllegalStateException if a partition has gone, or was dropped, with records in the transaction */
    void requireWhole() {
        for (OwnedPartition partition : next.keySet()) {
            if (partitions.get(partition.id()) != partition || !partition.isActive()) {
                throw new IllegalStateException(partition.id() + " was taken away in the middle of a transaction");
            }
        }
    }

    /** The partitions that have records in the transaction. */
    Set<OwnedPartition> partitions() {
        return next.keySet();
    }

    /**
     * Ends the batch of a partition: what is due leaves or is written.
     *
     * @param now milliseconds of a steady clock
     * @return what to commit for it
     */
    CommitPoint complete(OwnedPartition partition, long now) {
        long offset = Objects.requireNonNull(next.get(partition));
        return partitions.work(partition, (processor, outbox) -> processor.completeBatch(offset, now, outbox));
    }

    /** What was folded so far is committed, and the transaction has begun anew. */
    void committed() {
        next.keySet().forEach(partition -> committedEarly.add(partition.id()));
        next.clear();
    }

    /** The partitions that were committed before the end of the batch, whether or not they have records since. */
    Set<TopicPartition> committedEarly() {
        return committedEarly;
    }
}
