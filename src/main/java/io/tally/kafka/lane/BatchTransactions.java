package io.tally.kafka.lane;

import io.tally.kafka.client.ListenerProbe;
import io.tally.kafka.member.Delivery;
import io.tally.kafka.member.LanePartitions;
import io.tally.kafka.member.OwnedPartition;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lane's transactions with records. The container begins each with the poll that it hands over, and commits it;
 * further polls are taken here, in the middle of the transaction, as {@link Batch} says.
 *
 * <p>A rebalance may happen in such a poll. Before a partition leaves, the transaction commits what it has so far, and
 * begins again: later the group may have gone on to another generation, and turn the commit down. If that fails, or if
 * partitions were lost without notice, the transaction fails, and the lane rebuilds its memory as after any failure. If
 * the poll itself fails, the transaction ends with what came before it. The failure is kept for the next poll between
 * transactions, since a client reports some failures only once.
 */
final class BatchTransactions {
    private static final Logger log = LoggerFactory.getLogger(BatchTransactions.class);

    private final LaneId lane;
    private final LanePartitions partitions;
    private final Delivery delivery;
    private final OwnTransactions own;
    private final Doubt doubt;
    private final LaneOutcome outcome;
    private final BatchLimits limits;
    private final ListenerProbe probe;
    private final Traces traces;
    /** The batch of the running transaction; only while records are handled. */
    private @Nullable Batch running;
    /** The failure of a poll in the middle of a transaction. */
    private @Nullable RuntimeException failure;

    BatchTransactions(
            LaneId lane,
            LanePartitions partitions,
            Delivery delivery,
            OwnTransactions own,
            Doubt doubt,
            LaneOutcome outcome,
            BatchLimits limits,
            ListenerProbe probe,
            Traces traces) {
        this.lane = lane;
        this.partitions = partitions;
        this.delivery = delivery;
        this.outcome = outcome;
        this.own = own;
        this.doubt = doubt;
        this.limits = limits;
        this.probe = probe;
        this.traces = traces;
    }

    /**
     * Folds what a poll delivered, and what further ones bring while the transaction has room for it. A failure leaves
     * the lane in doubt.
     *
     * @param consumer for further polls
     */
    void handle(ConsumerRecords<ByteBuffer, ByteBuffer> records, Consumer<ByteBuffer, ByteBuffer> consumer) {
        outcome.abandon();
        if (!doubt.isDelivered()) {
            throw new IllegalStateException(lane + " was handed records that no poll delivered");
        }
        Batch batch = new Batch(partitions, limits, SteadyClock.millis());
        running = batch;
        try {
            doubt.memoryChanges();
            traces.look(records);
            batch.add(records);
            delivery.hold(consumer);
            int fetched = records.count();
            long now = SteadyClock.millis();
            long wait = batch.millisForMore(fetched, now);
            while (wait > 0) {
                fetched = foldMore(batch, consumer, Duration.ofMillis(wait));
                now = SteadyClock.millis();
                wait = failure == null ? batch.millisForMore(fetched, now) : 0;
            }
            for (OwnedPartition partition : batch.partitions()) {
                partition.pending(batch.complete(partition, now));
            }
            // With an interrupt the container would leave out the offsets.
            Interrupts.drop(lane);
            outcome.awaitOffsets(batch);
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
            throw new IllegalStateException(lane + " could not commit before a partition left");
        }
        batch.requireWhole();
        ConsumerRecords<ByteBuffer, ByteBuffer> delivered = delivery.onlyActive(more);
        if (!delivered.isEmpty()) {
            // The transaction may be a new one, if the poll has committed the one before.
            doubt.memoryChanges();
            traces.look(delivered);
            batch.add(delivered);
            delivery.hold(consumer);
        }
        return more.count();
    }

    /** A failed poll loses nothing, so the transaction may as well end before it. */
    private ConsumerRecords<ByteBuffer, ByteBuffer> poll(Consumer<ByteBuffer, ByteBuffer> consumer, Duration patience) {
        try {
            return probe.poll(consumer, patience);
        } catch (RuntimeException e) {
            failure = e;
            return ConsumerRecords.empty();
        } finally {
            Interrupts.drop(lane);
        }
    }

    boolean hasFailure() {
        return failure != null;
    }

    /** The failure of a poll in the middle of a transaction since the last call; null if there was none. */
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
    void commitEarly(Consumer<?, ?> consumer) {
        Batch batch = running;
        if (batch == null || batch.partitions().isEmpty() || doubt.hasFailed()) {
            return;
        }
        long now = SteadyClock.millis();
        try {
            own.commit(consumer, batch.partitions(), partition -> batch.complete(partition, now));
            batch.committed();
        } catch (RuntimeException e) {
            log.debug("{}: what it had could not be committed before a partition left", lane, e);
        }
    }
}
