package io.tally.kafka.lane;

import io.tally.checkpoint.Ledger;
import io.tally.kafka.client.Causes;
import io.tally.kafka.client.ListenerProbe;
import io.tally.kafka.member.AccessPatience;
import io.tally.kafka.member.Cancellation;
import io.tally.kafka.member.LaneHealth;
import io.tally.kafka.member.LanePartitions;
import io.tally.kafka.member.OwnedPartition;
import io.tally.kafka.restore.LogOffsets;
import io.tally.kafka.restore.RestoreWorker;
import io.tally.kafka.topic.TopicLayout;
import io.tally.kafka.transaction.Closing;
import io.tally.kafka.transaction.ConfirmingTransactionManager;
import io.tally.kafka.transaction.LaneTransactions;
import io.tally.kafka.transaction.RowLimit;
import io.tally.kafka.transaction.SendFailures;
import io.tally.kafka.transaction.SideRecords;
import io.tally.kafka.transaction.TransactionalOutbox;
import io.tally.pipeline.PartitionProcessor;
import io.tally.pipeline.status.LaneStatus;
import io.tally.pipeline.status.PartitionSnapshot;
import io.tally.pipeline.status.PipelineEvents;
import io.tally.pipeline.status.Refusal;
import io.tally.plan.KafkaPipeline;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.listener.ConsumerAwareRebalanceListener;

/**
 * One consumer thread with its partitions and its transactions.
 *
 * <p>The rule that makes it exact: <em>memory is only a cache of what is committed.</em> From the moment that records
 * are delivered until the commit is positively confirmed the lane is in doubt. When the next poll finds it in doubt,
 * however that came about, every partition's memory is dropped and rebuilt from Kafka, after the transaction in
 * question was settled. So no way of the container out of a failure needs to be right, or even known, but for two by
 * which it would commit something before that poll: {@link #committing} refuses one, {@link GuardedConsumer} the other.
 *
 * <p>The second rule: <em>no record reaches a partition that is not restored.</em> Assigned partitions are paused until
 * their restore is done, and whatever a poll still brings for them is dropped; they are sought to their committed
 * offset when they become active.
 *
 * <p>All methods run on the consumer thread, except {@link #status}.
 */
public final class Lane
        implements GuardedConsumer.Guard, ConsumerAwareRebalanceListener, ConfirmingTransactionManager.Outcome {
    private static final Logger log = LoggerFactory.getLogger(Lane.class);
    /** How soon a finished restore is noticed; and how long rows that had no room wait for records of others. */
    private static final Duration SHORT_POLL = Duration.ofMillis(10);

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration POLL_BACKOFF = Duration.ofMillis(500);

    private final KafkaPipeline pipeline;
    private final int number;
    /** For the log. */
    private final String name;

    private final ListenerProbe probe;
    private final LaneHealth health;
    private final PipelineEvents events;
    private final LanePartitions partitions;
    private final List<Cancellation> restores = new ArrayList<>();
    private final WriteFailures writeFailures = new WriteFailures();

    private final AccessPatience pollAccess;
    private final AccessPatience transactionAccess;
    private final Doubt doubt = new Doubt();
    private final RowLimit rows;

    private LaneTransactions transactions;
    private OwnTransactions own;
    private BatchTransactions batches;
    private RestoreWorker worker;
    private Runnable stop = () -> {};
    private Runnable closed = () -> {};
    private volatile boolean running = true;
    private boolean closing;
    /** An error in a rebalance, which ends the lane as one elsewhere does. */
    private @Nullable Error fatal;
    /** The last poll failed, so where the consumer stands and what it owns is to be looked at. */
    private boolean pollFailed;
    /** The consumer behind the container's. */
    private @Nullable Consumer<ByteBuffer, ByteBuffer> consumer;

    @SuppressWarnings("NullAway.Init") // transactions and worker refer to the lane and are set right after
    Lane(
            KafkaPipeline pipeline,
            int number,
            TopicLayout layout,
            ListenerProbe probe,
            LaneHealth health,
            PipelineEvents events) {
        this.probe = probe;
        this.pipeline = pipeline;
        this.number = number;
        name = "Pipeline " + pipeline.name() + ", lane " + number;
        this.health = health;
        this.events = events;
        pollAccess = AccessPatience.of(pipeline);
        transactionAccess = AccessPatience.of(pipeline);
        rows = new RowLimit(pipeline.transactions().rows(), this::partitionCount);
        SideRecords sideRecords = new SideRecords(pipeline.groupId());
        partitions = new LanePartitions(
                (failures, id) -> new TransactionalOutbox(
                        transactions, pipeline.topics(), layout, sideRecords, rows, failures, id),
                this::refuse,
                () -> AccessPatience.of(pipeline));
    }

    private int partitionCount() {
        return partitions.all().size();
    }

    void connect(
            LaneTransactions laneTransactions,
            RestoreWorker restoreWorker,
            LogOffsets offsets,
            BatchLimits limits,
            Runnable stopContainer,
            Runnable whenClosed) {
        transactions = laneTransactions;
        own = new OwnTransactions(name, laneTransactions, partitions, doubt, offsets, limits.tick());
        batches = new BatchTransactions(name, partitions, own, doubt, limits, probe);
        worker = restoreWorker;
        stop = stopContainer;
        closed = whenClosed;
    }

    /** The container has made its consumer, and will poll and close it through this lane. */
    Consumer<ByteBuffer, ByteBuffer> guard(Consumer<ByteBuffer, ByteBuffer> made) {
        consumer = made;
        return GuardedConsumer.wrap(made, this);
    }

    // ---- polling

    @Override
    public ConsumerRecords<ByteBuffer, ByteBuffer> poll(Consumer<ByteBuffer, ByteBuffer> consumer, Duration timeout) {
        health.polled();
        dropInterrupt(name);
        worker.throwFatal();
        if (fatal != null) {
            throw fatal;
        }
        if (!doubt.isNone()) {
            recover(consumer);
        }
        if (health.isFencedForGood() && !health.hasEnded()) {
            end("its transactional id '" + pipeline.transactionalId(number)
                    + "' was taken over again and again: another process runs with the same instance id '"
                    + pipeline.instanceId() + "'. Give each process its own tally.instance-id, then restart this one.");
            stop.run();
        }
        if (health.hasEnded()) {
            return ConsumerRecords.empty();
        }
        if (pollFailed || batches.hasFailure()) {
            reconcile(consumer);
            pollFailed = false;
        }
        adoptRestored(consumer);
        own.tick(consumer, nowMillis());
        if (!doubt.isNone()) {
            return ConsumerRecords.empty();
        }
        partitions.holdBehind(consumer);
        boolean soon = partitions.isRestoring() || partitions.isBehind();
        ConsumerRecords<ByteBuffer, ByteBuffer> records = fetch(consumer, soon ? SHORT_POLL : timeout);
        // A rebalance inside the poll may have left a failed handover behind; then nothing may be delivered.
        ConsumerRecords<ByteBuffer, ByteBuffer> delivered =
                doubt.isNone() ? partitions.onlyActive(records) : ConsumerRecords.empty();
        if (!delivered.isEmpty()) {
            doubt.delivered();
        } else if (health.isFailing() && partitions.isNothingWaiting(consumer, nowMillis())) {
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
            if (!assigned.contains(partition.id())) {
                release(partition);
            } else if (partition.isActive()) {
                seek(consumer, partition, partition.processor().nextOffset());
            }
        }
        for (TopicPartition id : assigned) {
            if (partitions.get(id) == null) {
                partitions.add(id);
            }
        }
    }

    /** With the leader epoch, so that the client finds out whether the log has lost what was read. */
    private static void seek(Consumer<ByteBuffer, ByteBuffer> consumer, OwnedPartition partition, long offset) {
        consumer.seek(partition.id(), partition.at(offset, ""));
    }

    private ConsumerRecords<ByteBuffer, ByteBuffer> fetch(Consumer<ByteBuffer, ByteBuffer> consumer, Duration timeout) {
        pollFailed = true;
        try {
            RuntimeException earlier = batches.takeFailure();
            if (earlier != null) {
                throw earlier;
            }
            ConsumerRecords<ByteBuffer, ByteBuffer> records = probe.poll(consumer, timeout);
            pollFailed = false;
            health.pollWorked();
            pollAccess.granted();
            return records;
        } catch (InvalidOffsetException e) {
            for (TopicPartition id : e.partitions()) {
                OwnedPartition partition = partitions.get(id);
                if (partition == null) {
                    continue;
                }
                // Else the client would look at the position that it complains of again and again.
                consumer.seek(id, 0);
                if (partition.isActive()) {
                    long next = partition.processor().nextOffset();
                    // The restore finds out what is wrong and says so: whether the start or the end has moved.
                    log.warn(
                            "Pipeline {}: the source does not have offset {} of {}, or not what was before it",
                            pipeline.name(),
                            next,
                            id);
                    partitions.forget(partition);
                    restore(consumer, List.of(partition));
                }
            }
            return ConsumerRecords.empty();
        } catch (FencedInstanceIdException e) {
            end("another process runs with the same instance id '" + pipeline.instanceId()
                    + "' and has taken this one's place in group " + pipeline.groupId()
                    + ". Give each process its own tally.instance-id, then restart this one.");
            throw e;
        } catch (WakeupException | InterruptException e) {
            throw e;
        } catch (RuntimeException e) {
            health.pollFailed(e);
            if (pollAccess.isOver(e)) {
                end(pollAccess.refusal("its consumer cannot poll", e));
                return ConsumerRecords.empty();
            }
            // The container logs it and polls again at once.
            LockSupport.parkNanos(POLL_BACKOFF.toNanos());
            throw e;
        }
    }

    // ---- one batch, inside the container's transaction

    /** Folds what a poll delivered, and further polls; the container then sends {@link #offsets} and commits. */
    void process(ConsumerRecords<ByteBuffer, ByteBuffer> records) {
        batches.process(records, Objects.requireNonNull(consumer));
    }

    Map<TopicPartition, OffsetAndMetadata> offsets(Map<TopicPartition, OffsetAndMetadata> proposed) {
        return batches.offsets(proposed);
    }

    @Override
    public void committing() {
        batches.requireOffsets();
    }

    @Override
    public void confirmed(long commitNanos) {
        doubt.confirmed();
        rows.reset();
        health.committed();
        transactionAccess.granted();
        for (OwnedPartition partition : partitions.all()) {
            PartitionSnapshot before = partition.committed();
            PartitionSnapshot after = partition.confirm();
            if (after != null) {
                writeFailures.committed(partition.id(), after.offset());
                TransactionalOutbox outbox = partitions.outbox(partition);
                Ledger earlier =
                        before == null ? Ledger.EMPTY : before.metadata().ledger();
                events.committed(
                        pipeline.name(),
                        partition.number(),
                        after.metadata().ledger().minus(earlier),
                        outbox.takeResults(),
                        outbox.takeStateRecords(),
                        after);
            }
        }
        events.transaction(pipeline.name(), number, doubt.age(), Duration.ofNanos(commitNanos));
    }

    @Override
    public void failed(RuntimeException cause) {
        doubt.failed(cause);
    }

    // ---- recovery

    /** Drops all memory and has it rebuilt: the last transaction did not end in a confirmed commit. */
    private void recover(Consumer<ByteBuffer, ByteBuffer> consumer) {
        Throwable cause = doubt.takeCause();
        Duration age = doubt.age();
        String what = Causes.describe(cause) + transactions.hint(age);
        health.failed(what);
        events.aborted(pipeline.name(), number, cause);
        log.warn(
                "{}: a transaction failed or its outcome is unknown ({}); rebuilding the state of {} from what is committed",
                name,
                what,
                partitions.ids());
        SendFailures sends = partitions.takeSendFailures();
        boolean ofPartitions = false;
        for (OwnedPartition partition : partitions.all()) {
            ofPartitions |= noteWriteFailure(partition, sends.own(partition.number()));
            partitions.forget(partition);
        }
        batches.abandon();
        rows.reset();
        // Only now: had anything above failed, the memory would still be in doubt.
        doubt.memoryIsGone();
        if (!ofPartitions && transactionAccess.isOver(cause)) {
            end(transactionAccess.refusal("its transactions fail", cause));
            return;
        }
        worker.unsettled(LaneHealth.isFencing(cause));
        restores.forEach(Cancellation::cancel);
        restores.clear();
        restore(consumer, List.copyOf(partitions.all()));
    }

    /** Whether the partition's outputs could not be written. */
    private boolean noteWriteFailure(OwnedPartition partition, SendFailures.@Nullable Failure written) {
        if (written == null) {
            return false;
        }
        long reach = partition.isActive() ? partition.processor().nextOffset() : Long.MAX_VALUE;
        Refusal refusal = writeFailures.count(partition.id(), reach, written.topic(), written.cause());
        String what = "The outputs of " + partition.id() + " cannot be written to topic " + written.topic();
        if (partition.writes().isOver(written.cause())) {
            refusal = partition.writes().refusal(what, written.cause());
        }
        if (refusal != null) {
            refuse(partition, refusal);
        } else if (AccessPatience.lack(written.cause()) != null) {
            partition.holdBack(what + ": " + Causes.describe(written.cause()), reach, AccessPatience.RETRY);
        }
        return true;
    }

    /** Has partitions rebuilt whose memory was dropped, but for refused ones. */
    private void restore(Consumer<ByteBuffer, ByteBuffer> consumer, Collection<OwnedPartition> affected) {
        List<OwnedPartition> wanted =
                affected.stream().filter(OwnedPartition::isToRestore).toList();
        consumer.pause(affected.stream().map(OwnedPartition::id).toList());
        if (!wanted.isEmpty()) {
            submit(wanted);
        }
    }

    private void submit(List<OwnedPartition> wanted) {
        restores.removeIf(Cancellation::isCancelled);
        Cancellation attempt = worker.submit(wanted, health.backoff());
        wanted.forEach(partition -> partition.await(attempt));
        restores.add(attempt);
    }

    private void adoptRestored(Consumer<ByteBuffer, ByteBuffer> consumer) {
        List<OwnedPartition> forgotten = partitions.forgotten();
        if (!forgotten.isEmpty()) {
            begin(consumer, forgotten);
        }
        for (OwnedPartition partition : partitions.all()) {
            OwnedPartition.Restored outcome = partition.takeRestored();
            if (outcome == null) {
                continue;
            }
            PartitionProcessor processor = outcome.processor();
            if (processor != null) {
                // Active only once both are done: if one fails it is forgotten, and restored again.
                consumer.seek(partition.id(), outcome.position());
                consumer.resume(List.of(partition.id()));
                partition.activate(processor, outcome.position());
                if (!processor.isBorn()) {
                    // A birth is committed before the first record is delivered: where it is must not change any more.
                    own.hurry();
                }
            } else if (outcome.refusal() != null) {
                refuse(partition, outcome.refusal());
                if (outcome.note() != null) {
                    partition.note(outcome.note());
                    own.hurry();
                }
            }
        }
    }

    private void refuse(OwnedPartition partition, Refusal refusal) {
        partition.refuse(refusal);
        events.refused(pipeline.name(), partition.number(), refusal);
        log.error(
                "Pipeline {} refuses partition {}.\n  Problem: {}\n  Remedy:  {}",
                pipeline.name(),
                partition.id(),
                refusal.problem(),
                refusal.remedy());
    }

    private void end(String why) {
        health.end("Lane " + number + " of pipeline " + pipeline.name() + " has stopped: " + why);
        log.error("Pipeline {}: {}", pipeline.name(), health.problem());
    }

    private void end(Refusal why) {
        end(why.problem() + " Remedy: " + why.remedy());
        stop.run();
    }

    private void drain(Consumer<ByteBuffer, ByteBuffer> consumer, Collection<OwnedPartition> leaving) {
        if (!doubt.isMemoryInDoubt() && !health.hasEnded()) {
            own.drain(consumer, leaving);
        }
    }

    // ---- membership

    @Override
    public void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> assigned) {
        List<OwnedPartition> fresh = assigned.stream().map(partitions::add).toList();
        try {
            begin(consumer, fresh);
        } catch (Error e) {
            fatal = e;
        }
    }

    /** The first steps of restoring; if they fail they are taken again before the next poll. */
    private void begin(Consumer<?, ?> consumer, List<OwnedPartition> fresh) {
        List<TopicPartition> ids = fresh.stream().map(OwnedPartition::id).toList();
        consumer.pause(ids);
        // Any position keeps the client from looking up one of its own; the restore sets the right one.
        ids.forEach(id -> consumer.seek(id, 0));
        if (!fresh.isEmpty()) {
            submit(fresh);
        }
    }

    @Override
    public void onPartitionsRevokedBeforeCommit(Consumer<?, ?> consumer, Collection<TopicPartition> revoked) {
        List<OwnedPartition> leaving = partitions.of(revoked);
        @SuppressWarnings("unchecked") // the container's consumer is of the lane's factory
        Consumer<ByteBuffer, ByteBuffer> ours = (Consumer<ByteBuffer, ByteBuffer>) consumer;
        try {
            if (!leaving.isEmpty()) {
                batches.commitEarly(ours);
            }
            drain(ours, leaving);
        } catch (Error e) {
            // Not from here: the rebalance would be left half done, and some clients do not let it through.
            fatal = e;
        }
        leaving.forEach(this::release);
    }

    @Override
    public void onPartitionsLost(Consumer<?, ?> consumer, Collection<TopicPartition> lost) {
        partitions.of(lost).forEach(this::release);
    }

    private void release(OwnedPartition partition) {
        partition.release();
        partitions.remove(partition);
        writeFailures.released(partition.id());
        events.released(pipeline.name(), partition.number());
    }

    /** Closes everything, each part whatever becomes of the others: what stays open holds a place in the group. */
    @Override
    public void close(Consumer<ByteBuffer, ByteBuffer> consumer) {
        if (closing) {
            return;
        }
        closing = true;
        running = false;
        dropInterrupt(name);
        CloseOptions options = CloseOptions.timeout(CLOSE_TIMEOUT);
        if (!health.hasEnded()) {
            options.withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP);
        }
        Closing.all(
                () -> restores.forEach(Cancellation::cancel),
                () -> drain(consumer, List.copyOf(partitions.all())),
                () -> consumer.close(options),
                worker::close,
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
            Closing.all(worker::close, transactions::close, closed);
        }
    }

    // ---- views

    LaneStatus status() {
        return new LaneStatus(
                number,
                running,
                health.hasEnded(),
                pipeline.transactionalId(number),
                health.problem(),
                health.lastCommit(),
                health.lastPoll(),
                health.commits(),
                health.aborts(),
                health.predecessorsFencedCount(),
                partitions.statuses());
    }

    /** An interrupt does not mean anything to a lane; left on its thread, it would end each further poll. */
    static void dropInterrupt(String name) {
        if (Thread.interrupted()) {
            log.warn("{}: was interrupted, and goes on", name);
        }
    }

    @Override
    public String toString() {
        return name;
    }

    /** Milliseconds of a steady clock. */
    static long nowMillis() {
        return System.nanoTime() / 1_000_000;
    }
}
