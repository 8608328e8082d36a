package io.tally.kafka.lane;

import io.tally.kafka.member.LanePartitions;
import io.tally.kafka.member.OwnedPartition;
import io.tally.kafka.transaction.RecordView;
import io.tally.pipeline.CommitPoint;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * The records of the running transaction: the poll that the container handed over, and further ones.
 *
 * <p>A transaction costs client and broker about the same whatever is in it, so it should be large. A poll should be
 * small: its records, half a kilobyte each as the client makes them, are then still in the processor's cache when they
 * are folded, and dead before the next garbage collection. And nobody waits for a transaction without rows. So a
 * transaction takes in polls while they are full, and while there are no rows, within limits. Confined to the consumer
 * thread.
 */
final class Batch {
    private final LanePartitions partitions;
    private final BatchLimits limits;
    private final long began;
    /** The offset to go on from, by partition. */
    private final Map<OwnedPartition, Long> next = new LinkedHashMap<>();

    private final Set<TopicPartition> committedEarly = new HashSet<>();
    private int records;

    /** @param now milliseconds of a steady clock */
    Batch(LanePartitions partitions, BatchLimits limits, long now) {
        this.partitions = partitions;
        this.limits = limits;
        began = now;
    }

    /** Folds the records of one poll, all of which are of active partitions. */
    void add(ConsumerRecords<ByteBuffer, ByteBuffer> poll) {
        long wall = System.currentTimeMillis();
        for (TopicPartition id : poll.partitions()) {
            OwnedPartition partition = partitions.owned(id);
            OffsetAndMetadata position = poll.nextOffsets().get(id);
            long offset = partitions.work(partition, processor -> {
                // One per poll: a young object, in which references are stored at less cost.
                RecordView view = new RecordView(processor.source().partitions());
                processor.clock(wall);
                List<ConsumerRecord<ByteBuffer, ByteBuffer>> records = poll.records(id);
                for (ConsumerRecord<ByteBuffer, ByteBuffer> record : records) {
                    if (!processor.process(view.of(record))) {
                        // The rest is delivered again once the rows have left.
                        partition.read(record.timestamp());
                        return processor.nextOffset();
                    }
                }
                if (!records.isEmpty()) {
                    partition.read(records.get(records.size() - 1).timestamp());
                }
                return position == null ? processor.nextOffset() : position.offset();
            });
            next.put(partition, offset);
            if (position != null) {
                partition.reached(position);
            }
        }
        records += poll.count();
    }

    /**
     * How long to wait for another poll after one of so many records, in milliseconds; not positive if the transaction
     * is to end.
     *
     * @param now milliseconds of a steady clock
     */
    long millisForMore(int polled, long now) {
        if (next.isEmpty() || partitions.isBehind()) {
            return 0;
        }
        return limits.millisForMore(
                polled,
                records,
                now - began,
                () -> hasRows() || partitions.isRestoring() || partitions.isCommitDue(now));
    }

    private boolean hasRows() {
        for (OwnedPartition partition : next.keySet()) {
            if (partition.outbox().hasResults()) {
                return true;
            }
        }
        return false;
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
        return partitions.work(partition, processor -> processor.completeBatch(offset, now));
    }

    /** What was folded so far is committed, and the transaction has begun anew. */
    void committed() {
        committedEarly.addAll(ids());
        next.clear();
    }

    /**
     * The partitions whose offsets belong into the transaction.
     *
     * @param proposed what the container would commit, which knows of the first poll only
     * @throws IllegalStateException if these are not the partitions that were folded
     */
    Set<TopicPartition> expected(Set<TopicPartition> proposed) {
        Set<TopicPartition> expected = ids();
        for (TopicPartition id : proposed) {
            if (!expected.contains(id) && !committedEarly.contains(id)) {
                throw new IllegalStateException("offsets were to be committed for " + id + ", which has no records");
            }
        }
        return expected;
    }

    private Set<TopicPartition> ids() {
        Set<TopicPartition> ids = new HashSet<>();
        next.keySet().forEach(partition -> ids.add(partition.id()));
        return ids;
    }
}
