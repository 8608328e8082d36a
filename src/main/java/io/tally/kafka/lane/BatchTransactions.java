package io.tally.kafka.lane;

import io.tally.kafka.client.ListenerProbe;
import io.tally.kafka.member.LanePartitions;
import io.tally.kafka.member.OwnedPartition;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lane's transactions with records. The container begins each with the poll that it hands over, and commits it;
 * further polls are taken here, in the middle of the transaction, as {@link Batch} says.
 *
 * <p>A rebalance may happen in such a poll. Before a partition leaves, what the transaction has so far is committed,
 * since later the group may have gone on to another generation, and turn it down; then the transaction begins anew.
 * Where that fails, or where partitions were lost without notice, the transaction fails, and the lane rebuilds its
 * memory as after any other. Where the poll itself fails the transaction ends before it, and the failure is kept for
 * the next poll between transactions, since some are told only once.
 */
final class BatchTransactions {
    private static final Logger log = LoggerFactory.getLogger(BatchTransactions.class);

    private final String name;
    private final LanePartitions partitions;
    private final OwnTransactions own;
    private final Doubt doubt;
    private final BatchLimits limits;
    private final ListenerProbe probe;
    /** Only while records are handled. */
    private @Nullable Batch running;
    /** Has been folded, and the container has yet to send its offsets. */
    private @Nullable Batch withoutOffsets;

    private @Nullable RuntimeException failure;

    /** @param name of the lane, for the log */
    BatchTransactions(
            String name,
            LanePartitions partitions,
            OwnTransactions own,
            Doubt doubt,
            BatchLimits limits,
            ListenerProbe probe) {
        this.name = name;
        this.partitions = partitions;
        this.own = own;
        this.doubt = doubt;
        this.limits = limits;
        this.probe = probe;
    }

    /**
     * Folds what a poll delivered, and what further ones bring while the transaction has room for it. A failure leaves
     * the lane in doubt.
     *
     * @param consumer for further polls
     */
    void process(ConsumerRecords<ByteBuffer, ByteBuffer> records, Consumer<ByteBuffer, ByteBuffer> consumer) {
        withoutOffsets = null;
        if (!doubt.isDelivered()) {
            throw new IllegalStateException(name + " was handed records that no poll delivered");
        }
        Batch batch = new Batch(partitions, limits, Lane.nowMillis());
        running = batch;
        try {
            doubt.memoryChanges();
            batch.fold(records);
            partitions.holdBehind(consumer);
            int fetched = records.count();
            long now = Lane.nowMillis();
            long wait = batch.millisForMore(fetched, now);
            while (wait > 0) {
                fetched = foldMore(batch, consumer, Duration.ofMillis(wait));
                now = Lane.nowMillis();
                wait = failure == null ? batch.millisForMore(fetched, now) : 0;
            }
            for (OwnedPartition partition : batch.partitions()) {
                partition.pending(batch.complete(partition, now));
            }
            // With an interrupt the container would leave out the offsets.
            Lane.dropInterrupt(name);
            withoutOffsets = batch;
        } catch (RuntimeException e) {
            doubt.failed(e);
            throw e;
        } finally {
            running = null;
        }
    }

    /** Number of records that another poll brought. */
    private int foldMore(Batch batch, Consumer<ByteBuffer, ByteBuffer> consumer, Duration patience) {
        ConsumerRecords<ByteBuffer, ByteBuffer> more = poll(consumer, patience);
        if (doubt.hasFailed()) {
            throw new IllegalStateException(name + " could not commit before a partition left");
        }
        batch.requireWhole();
        ConsumerRecords<ByteBuffer, ByteBuffer> delivered = partitions.onlyActive(more);
        if (!delivered.isEmpty()) {
            // Maybe anew, if the poll has committed all that was before.
            doubt.memoryChanges();
            batch.fold(delivered);
            partitions.holdBehind(consumer);
        }
        return more.count();
    }

    /** Nothing is lost by a poll that fails, so the transaction can end as well before it. */
    private ConsumerRecords<ByteBuffer, ByteBuffer> poll(Consumer<ByteBuffer, ByteBuffer> consumer, Duration patience) {
        try {
            return probe.poll(consumer, patience);
        } catch (RuntimeException e) {
            failure = e;
            return ConsumerRecords.empty();
        } finally {
            Lane.dropInterrupt(name);
        }
    }

    boolean hasFailure() {
        return failure != null;
    }

    /** What a poll in the middle of a transaction failed with, if it did since this was asked last. */
    @Nullable
    RuntimeException takeFailure() {
        RuntimeException known = failure;
        failure = null;
        return known;
    }

    /**
     * Partitions are about to leave, in a poll: commits what the running transaction has, if there is one. A failure
     * leaves the lane in doubt, by which the transaction fails after the poll.
     *
     * @throws Error if there was one
     */
    void commitEarly(Consumer<ByteBuffer, ByteBuffer> consumer) {
        Batch batch = running;
        if (batch == null || batch.partitions().isEmpty() || doubt.hasFailed()) {
            return;
        }
        long now = Lane.nowMillis();
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
     * @param proposed what is to be committed, as far as the caller knows
     */
    Map<TopicPartition, OffsetAndMetadata> offsets(Map<TopicPartition, OffsetAndMetadata> proposed) {
        Batch batch = withoutOffsets;
        withoutOffsets = null;
        return partitions.offsets(batch == null ? proposed.keySet() : batch.expected(proposed.keySet()));
    }

    /**
     * The container goes on to commit without the offsets if its thread is interrupted.
     *
     * @throws IllegalStateException if records were folded whose offsets nobody has sent
     */
    void requireOffsets() {
        // With an interrupt the transaction could be neither committed nor aborted.
        Lane.dropInterrupt(name);
        Batch batch = withoutOffsets;
        withoutOffsets = null;
        if (batch != null && !batch.partitions().isEmpty()) {
            throw new IllegalStateException(name + " was about to commit without the offsets of its records");
        }
    }

    /** The container's transaction has failed. */
    void abandon() {
        withoutOffsets = null;
    }
}
