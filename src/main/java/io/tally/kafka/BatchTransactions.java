package io.tally.kafka;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lane's transactions with records. The container begins each with the poll that it hands over, and commits it; the
 * polls between are taken here, in the middle of the transaction, as long as each is full.
 *
 * <p>A rebalance may happen in such a poll. Before a partition leaves, what the transaction has so far is committed,
 * since afterwards the group would not take its offsets any more; then the transaction begins anew. Where that fails,
 * or where a partition was lost without notice, the transaction fails, and the lane rebuilds its memory as after any
 * other.
 */
final class BatchTransactions {
    private static final Logger log = LoggerFactory.getLogger(BatchTransactions.class);

    /**
     * How long to wait for more: the poll before was full, so there is more. Without waiting, the consumer of the newer
     * group protocol mostly has nothing ready.
     */
    private static final Duration PATIENCE = Duration.ofMillis(5);

    private final String name;
    private final LanePartitions partitions;
    private final OwnTransactions own;
    private final Doubt doubt;
    private final Batch.Limits limits;
    /** Only while records are handled. */
    private @Nullable Batch running;
    /** The partitions of which the last batch had records committed before its end. */
    private Set<TopicPartition> committedEarly = Set.of();

    /** @param name of the lane, for the log */
    BatchTransactions(String name, LanePartitions partitions, OwnTransactions own, Doubt doubt, Batch.Limits limits) {
        this.name = name;
        this.partitions = partitions;
        this.own = own;
        this.doubt = doubt;
        this.limits = limits;
    }

    /**
     * Folds what a poll delivered, and what further ones bring while the transaction has room for it. A failure leaves
     * the lane in doubt.
     *
     * @param consumer for further polls
     * @param now milliseconds of a steady clock
     */
    void process(ConsumerRecords<ByteBuffer, ByteBuffer> records, Consumer<ByteBuffer, ByteBuffer> consumer, long now) {
        if (!doubt.isDelivered()) {
            throw new IllegalStateException(name + " was handed records that no poll delivered");
        }
        Batch batch = new Batch(partitions, limits);
        running = batch;
        try {
            doubt.memoryChanges();
            batch.fold(records);
            int fetched = records.count();
            while (batch.continuesAfter(fetched)) {
                fetched = foldMore(batch, consumer);
            }
            for (OwnedPartition partition : batch.partitions()) {
                partition.pending(batch.complete(partition, now));
            }
        } catch (RuntimeException e) {
            doubt.failed(e);
            throw e;
        } finally {
            running = null;
            committedEarly = batch.committedEarly();
        }
    }

    /** Number of records that another poll brought. */
    private int foldMore(Batch batch, Consumer<ByteBuffer, ByteBuffer> consumer) {
        ConsumerRecords<ByteBuffer, ByteBuffer> more = poll(consumer);
        if (doubt.hasFailed()) {
            throw new IllegalStateException(name + " could not commit before a partition left");
        }
        batch.requireWhole();
        ConsumerRecords<ByteBuffer, ByteBuffer> delivered = partitions.onlyActive(more);
        if (!delivered.isEmpty()) {
            // Maybe anew, if the poll has committed all that was before.
            doubt.memoryChanges();
            batch.fold(delivered);
        }
        return more.count();
    }

    /** If a poll fails, the next one between transactions will, too, and tell. */
    private ConsumerRecords<ByteBuffer, ByteBuffer> poll(Consumer<ByteBuffer, ByteBuffer> consumer) {
        try {
            return consumer.poll(PATIENCE);
        } catch (RuntimeException e) {
            log.debug("{}: a poll failed, so the transaction ends before it", name, e);
            return ConsumerRecords.empty();
        }
    }

    /**
     * Partitions are about to leave, in a poll: commits what the running transaction has, if there is one. A failure
     * leaves the lane in doubt, by which the transaction fails after the poll.
     */
    void commitEarly(Consumer<ByteBuffer, ByteBuffer> consumer, long now) {
        Batch batch = running;
        if (batch == null || batch.partitions().isEmpty()) {
            return;
        }
        try {
            own.commit(consumer, batch.partitions(), partition -> batch.complete(partition, now));
            batch.committed();
        } catch (RuntimeException e) {
            log.debug("{}: what it had could not be committed before a partition left", name, e);
        }
    }

    /**
     * The offsets of the running transaction with their metadata.
     *
     * @param proposed what the container would commit, which knows of the first poll only
     */
    Map<TopicPartition, OffsetAndMetadata> offsets(Map<TopicPartition, OffsetAndMetadata> proposed) {
        Set<TopicPartition> expected = new HashSet<>(proposed.keySet());
        expected.removeAll(committedEarly);
        return partitions.offsets(expected);
    }
}
