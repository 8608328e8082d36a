package io.tally.kafka.lane;

import io.tally.kafka.member.Delivery;
import io.tally.kafka.member.LaneHealth;
import io.tally.kafka.member.LanePartitions;
import io.tally.kafka.member.OwnedPartition;
import io.tally.kafka.restore.Restores;
import io.tally.kafka.transaction.EndAll;
import io.tally.kafka.transaction.LaneTransactions;
import io.tally.pipeline.status.LaneStatus;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One consumer thread with its partitions and its transactions: what happens around each poll.
 *
 * <p>The rule that makes it exact: <em>memory is only a cache of what is committed.</em> From the moment that records
 * are delivered until the commit is positively confirmed the lane is in doubt. When the next poll finds it in doubt,
 * however that came about, every partition's memory is dropped and rebuilt from Kafka, after the transaction in
 * question was settled ({@link Recovery}). So it does not matter how the container leaves a failure, with two
 * exceptions, in which it would commit something before that poll: {@link LaneOutcome#committing} refuses one,
 * {@link GuardedConsumer} the other.
 *
 * <p>The second rule: <em>no record reaches a partition that is not restored</em> ({@link Restores}). Whatever a poll
 * still brings for such a partition is dropped.
 *
 * <p>All methods run on the consumer thread, except {@link #status}.
 */
final class Lane implements GuardedConsumer.Guard {
    private static final Logger log = LoggerFactory.getLogger(Lane.class);
    /** How soon a finished restore is noticed; and how long rows that had no room wait for records of others. */
    private static final Duration SHORT_POLL = Duration.ofMillis(10);

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final LaneId id;
    private final LaneHealth health;
    private final LaneEnd end;
    private final LanePartitions partitions;
    private final Delivery delivery;
    private final Doubt doubt;
    private final Restores restores;
    private final Recovery recovery;
    private final Membership membership;
    private final OwnTransactions own;
    private final BatchTransactions batches;
    private final LaneTransactions transactions;
    private final Mailbox mailbox;
    private final GroupPoll group;
    private final CaughtUpLook caughtUp;
    private final Runnable closed;
    private volatile boolean running = true;
    private boolean closing;
    /** The last poll failed, so the lane must check where the consumer stands and what it owns. */
    private boolean pollFailed;
    /** The consumer behind the container's. */
    private @Nullable Consumer<ByteBuffer, ByteBuffer> consumer;

    /**
     * Of parts that are made for it.
     *
     * @param closed called when everything is closed
     */
    Lane(
            LaneId id,
            LaneHealth health,
            LaneEnd end,
            LanePartitions partitions,
            Delivery delivery,
            Doubt doubt,
            Restores restores,
            Recovery recovery,
            Membership membership,
            OwnTransactions own,
            BatchTransactions batches,
            LaneTransactions transactions,
            Mailbox mailbox,
            GroupPoll group,
            CaughtUpLook caughtUp,
            Runnable closed) {
        this.id = id;
        this.health = health;
        this.end = end;
        this.partitions = partitions;
        this.delivery = delivery;
        this.doubt = doubt;
        this.restores = restores;
        this.recovery = recovery;
        this.membership = membership;
        this.own = own;
        this.batches = batches;
        this.transactions = transactions;
        this.mailbox = mailbox;
        this.group = group;
        this.caughtUp = caughtUp;
        this.closed = closed;
    }

    /** The container has made its consumer, and will poll and close it through this lane. */
    Consumer<ByteBuffer, ByteBuffer> guard(Consumer<ByteBuffer, ByteBuffer> made) {
        consumer = made;
        return GuardedConsumer.wrap(made, this);
    }

    @Override
    public ConsumerRecords<ByteBuffer, ByteBuffer> poll(Consumer<ByteBuffer, ByteBuffer> consumer, Duration timeout) {
        health.polled();
        Interrupts.drop(id);
        restores.throwFatal();
        membership.throwFatal();
        recovery.recoverIfInDoubt(consumer);
        end.stopIfFencedForGood();
        if (end.isReached()) {
            return ConsumerRecords.empty();
        }
        if (pollFailed || batches.hasFailure()) {
            reconcile(consumer);
            pollFailed = false;
        }
        if (restores.adopt(consumer)) {
            own.hurry();
        }
        own.tick(consumer, SteadyClock.millis());
        if (doubt.isNone()) {
            mailbox.serve(consumer);
        }
        if (!doubt.isNone()) {
            return ConsumerRecords.empty();
        }
        // Here all that was delivered is committed.
        caughtUp.look(consumer);
        partitions.look();
        delivery.hold(consumer);
        boolean soon = partitions.isRestoring() || partitions.isBehind();
        ConsumerRecords<ByteBuffer, ByteBuffer> records = fetch(consumer, soon ? SHORT_POLL : timeout);
        // A rebalance inside the poll may have left a failed handover behind; then nothing may be delivered.
        ConsumerRecords<ByteBuffer, ByteBuffer> delivered =
                doubt.isNone() ? delivery.onlyActive(records) : ConsumerRecords.empty();
        if (!delivered.isEmpty()) {
            doubt.delivered();
        } else if (health.isFailing() && partitions.isNothingWaiting(consumer, SteadyClock.millis())) {
            health.nothingWaits();
        }
        return delivered;
    }

    /**
     * What a failed poll may have left behind: a position that has moved, though the records went to nobody; and a
     * rebalance of which the lane was not told, or not to the end.
     */
    private void reconcile(Consumer<ByteBuffer, ByteBuffer> consumer) {
        Set<TopicPartition> assigned = consumer.assignment();
        for (OwnedPartition partition : partitions.all()) {
            if (assigned.contains(partition.id()) && partition.isActive()) {
                // With the leader epoch, so that the client finds out whether the log has lost what was read.
                consumer.seek(partition.id(), partition.at(partition.processor().nextOffset(), ""));
            }
        }
        membership.reconcile(assigned);
    }

    private ConsumerRecords<ByteBuffer, ByteBuffer> fetch(Consumer<ByteBuffer, ByteBuffer> consumer, Duration timeout) {
        pollFailed = true;
        try {
            RuntimeException earlier = batches.takeFailure();
            if (earlier != null) {
                throw earlier;
            }
            ConsumerRecords<ByteBuffer, ByteBuffer> records = group.poll(consumer, timeout);
            pollFailed = false;
            return records;
        } catch (InvalidOffsetException e) {
            e.partitions().forEach(lost -> restoreAtLostOffset(consumer, lost));
        } catch (RuntimeException e) {
            group.failed(e);
        }
        return ConsumerRecords.empty();
    }

    private void restoreAtLostOffset(Consumer<ByteBuffer, ByteBuffer> consumer, TopicPartition lost) {
        OwnedPartition partition = partitions.get(lost);
        if (partition == null) {
            return;
        }
        // Otherwise the client would complain of the same position again and again.
        consumer.seek(lost, 0);
        if (partition.isActive()) {
            // The restore finds out what is wrong and says so: whether the start or the end has moved.
            log.warn(
                    "Pipeline {}: the source does not have offset {} of {}, or not what was before it",
                    id.pipelineName(),
                    partition.processor().nextOffset(),
                    lost);
            partition.forget();
            restores.rebuild(consumer, List.of(partition));
        }
    }

    /** Closes every part, even if closing another one fails: a consumer that stays open holds a place in the group. */
    @Override
    public void close(Consumer<ByteBuffer, ByteBuffer> consumer) {
        if (closing) {
            return;
        }
        closing = true;
        running = false;
        Interrupts.drop(id);
        CloseOptions options = CloseOptions.timeout(CLOSE_TIMEOUT);
        if (!end.isReached()) {
            options.withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP);
        }
        EndAll.all(
                mailbox::close,
                restores::cancel,
                () -> membership.drainAll(consumer),
                () -> consumer.close(options),
                partitions::releaseAll,
                restores::close,
                transactions::close,
                closed);
    }

    /** The container's thread has ended, or never began: closes what the container did not. */
    void closeIfOpen() {
        Consumer<ByteBuffer, ByteBuffer> open = consumer;
        if (open != null) {
            close(open);
        } else {
            running = false;
            EndAll.all(mailbox::close, restores::close, transactions::close, closed);
        }
    }

    /** Whether it waits to be replaced by one with a new consumer. */
    boolean isOutOfGroup() {
        return health.isOutOfGroup() && !end.isReached();
    }

    LaneStatus status() {
        return new LaneStatus(
                id.number(),
                running,
                health.hasEnded(),
                id.transactionalId(),
                health.problem(),
                health.lastCommit(),
                health.lastPoll(),
                doubt.since(),
                health.commits(),
                health.aborts(),
                health.predecessorsFencedCount(),
                partitions.statuses());
    }

    @Override
    public String toString() {
        return id.toString();
    }
}
