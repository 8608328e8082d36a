package io.tally.kafka;

import io.tally.checkpoint.Ledger;
import io.tally.pipeline.CommitPoint;
import io.tally.pipeline.LaneStatus;
import io.tally.pipeline.PartitionPhase;
import io.tally.pipeline.PartitionProcessor;
import io.tally.pipeline.PartitionSnapshot;
import io.tally.pipeline.PartitionStatus;
import io.tally.pipeline.PipelineEvents;
import io.tally.pipeline.Refusal;
import io.tally.pipeline.RefusedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
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
 * question was settled. So no failure path of the container needs to be right, or even known.
 *
 * <p>The second rule: <em>no record reaches a partition that is not restored.</em> Assigned partitions are paused until
 * their restore is done, and whatever a poll still brings for them is dropped; they are sought to their committed
 * offset when they become active.
 *
 * <p>All methods run on the consumer thread, except {@link #status}.
 */
final class Lane
        implements GuardedConsumer.Guard, ConsumerAwareRebalanceListener, ConfirmingTransactionManager.Outcome {
    private static final Logger log = LoggerFactory.getLogger(Lane.class);
    /** How soon a finished restore is noticed. */
    private static final Duration RESTORE_POLL = Duration.ofMillis(10);
    /** How often partitions without records are looked at for checkpoints that are due. */
    private static final Duration TICK = Duration.ofMillis(200);

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);
    /** Entries per partition and transaction of a planned handover: few enough for the transaction time-out. */
    private static final int DRAIN = 20_000;

    /** What is known of the records that the last poll delivered. */
    private enum Batch {
        /** Everything that was delivered is committed. */
        NONE,
        /** Delivered, but no memory has changed yet. */
        DELIVERED,
        /** Memory may be ahead of what is committed. */
        IN_DOUBT
    }

    private final KafkaPipeline pipeline;
    private final int number;
    private final TopicLayout layout;
    private final LaneHealth health;
    private final PipelineEvents events;
    private final Map<TopicPartition, OwnedPartition> partitions = new ConcurrentHashMap<>();
    private final Map<TopicPartition, TransactionalOutbox> outboxes = new HashMap<>();
    private final List<Cancellation> restores = new ArrayList<>();
    private final WriteFailures writeFailures = new WriteFailures();
    private final RecordView view = new RecordView();
    private final SideRecords sideRecords;

    private LaneTransactions transactions;
    private RestoreWorker worker;
    private Runnable stop = () -> {};
    private volatile boolean running = true;
    private Batch batch = Batch.NONE;
    private @Nullable Throwable failure;
    private long batchBegan;
    private long lastTick;

    @SuppressWarnings("NullAway.Init") // transactions, worker and container refer to the lane and are set right after
    Lane(KafkaPipeline pipeline, int number, TopicLayout layout, LaneHealth health, PipelineEvents events) {
        this.pipeline = pipeline;
        this.number = number;
        this.layout = layout;
        this.health = health;
        this.events = events;
        sideRecords = new SideRecords(pipeline.groupId());
    }

    void connect(LaneTransactions laneTransactions, RestoreWorker restoreWorker, Runnable stopContainer) {
        transactions = laneTransactions;
        worker = restoreWorker;
        stop = stopContainer;
    }

    // ---- polling

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Consumer<byte[], byte[]> consumer, Duration timeout) {
        health.polled();
        if (batch != Batch.NONE) {
            recover(consumer);
        }
        adoptRestored(consumer);
        tick(consumer);
        ConsumerRecords<byte[], byte[]> records = fetch(consumer, isRestoring() ? RESTORE_POLL : timeout);
        // A rebalance inside the poll may have left a failed handover behind; then nothing may be delivered.
        ConsumerRecords<byte[], byte[]> delivered = batch == Batch.NONE ? onlyActive(records) : ConsumerRecords.empty();
        if (!delivered.isEmpty()) {
            batch = Batch.DELIVERED;
        }
        return delivered;
    }

    private ConsumerRecords<byte[], byte[]> fetch(Consumer<byte[], byte[]> consumer, Duration timeout) {
        try {
            return consumer.poll(timeout);
        } catch (InvalidOffsetException e) {
            for (TopicPartition id : e.partitions()) {
                OwnedPartition partition = partitions.get(id);
                if (partition != null && partition.isActive()) {
                    long next = partition.processor().nextOffset();
                    // The restore finds out what is wrong and says so: whether the start or the end has moved.
                    log.warn("Pipeline {}: the source does not have offset {} of {}", pipeline.name(), next, id);
                    restore(consumer, List.of(partition));
                }
            }
            return ConsumerRecords.empty();
        } catch (FencedInstanceIdException e) {
            end("another process runs with the same instance id '" + pipeline.instanceId()
                    + "' and has taken this one's place in group " + pipeline.groupId()
                    + ". Give each process its own tally.instance-id, then restart this one.");
            throw e;
        }
    }

    private ConsumerRecords<byte[], byte[]> onlyActive(ConsumerRecords<byte[], byte[]> records) {
        boolean all = true;
        for (TopicPartition id : records.partitions()) {
            all &= isActive(id);
        }
        if (all) {
            return records;
        }
        Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> active = new HashMap<>();
        Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>(records.nextOffsets());
        for (TopicPartition id : records.partitions()) {
            if (isActive(id)) {
                active.put(id, records.records(id));
            } else {
                next.remove(id);
            }
        }
        return new ConsumerRecords<>(active, next);
    }

    private boolean isActive(TopicPartition id) {
        OwnedPartition partition = partitions.get(id);
        return partition != null && partition.isActive();
    }

    private boolean isRestoring() {
        for (OwnedPartition partition : partitions.values()) {
            if (partition.phase() == PartitionPhase.RESTORING) {
                return true;
            }
        }
        return false;
    }

    // ---- one batch, inside the container's transaction

    /** Folds what a poll delivered; the container then sends {@link #offsets} and commits. */
    void process(ConsumerRecords<byte[], byte[]> records) {
        if (batch != Batch.DELIVERED) {
            throw new IllegalStateException("lane " + number + " of pipeline " + pipeline.name()
                    + " was handed records while its state was " + batch);
        }
        begin();
        long now = nowMillis();
        for (TopicPartition id : records.partitions()) {
            OwnedPartition partition = owned(id);
            TransactionalOutbox outbox = outbox(id);
            PartitionProcessor processor = partition.processor();
            try {
                for (ConsumerRecord<byte[], byte[]> record : records.records(id)) {
                    processor.process(view.of(record), outbox);
                }
            } catch (RefusedException e) {
                refuse(partition, e.refusal());
                failure = e;
                throw e;
            } catch (RuntimeException e) {
                failure = e;
                throw e;
            }
            OffsetAndMetadata next = records.nextOffsets().get(id);
            long position = next == null ? processor.nextOffset() : next.offset();
            partition.pending(processor.completeBatch(position, now, outbox));
        }
    }

    private void begin() {
        batch = Batch.IN_DOUBT;
        failure = null;
        batchBegan = System.nanoTime();
    }

    /** The offsets of the current transaction with their metadata, in place of those that the caller would send. */
    Map<TopicPartition, OffsetAndMetadata> offsets(Map<TopicPartition, OffsetAndMetadata> proposed) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (OwnedPartition partition : partitions.values()) {
            CommitPoint point = partition.pending();
            if (point != null) {
                offsets.put(
                        partition.id(),
                        new OffsetAndMetadata(point.offset(), point.metadata().format()));
            }
        }
        if (!offsets.keySet().equals(proposed.keySet())) {
            throw new IllegalStateException("the transaction is about " + offsets.keySet()
                    + ", but offsets were to be committed for " + proposed.keySet());
        }
        return offsets;
    }

    @Override
    public void confirmed(long commitNanos) {
        batch = Batch.NONE;
        health.committed();
        for (OwnedPartition partition : partitions.values()) {
            PartitionSnapshot before = partition.committed();
            PartitionSnapshot after = partition.confirm();
            if (after != null) {
                if (before == null || after.offset() > before.offset()) {
                    writeFailures.advanced(partition.id());
                }
                TransactionalOutbox outbox = outbox(partition.id());
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
        events.transaction(
                pipeline.name(),
                number,
                Duration.ofNanos(System.nanoTime() - batchBegan),
                Duration.ofNanos(commitNanos));
    }

    /** The first failure is the reason; but that it was fenced a client may learn only when it aborts. */
    @Override
    public void failed(RuntimeException cause) {
        if (failure == null || LaneHealth.isFencing(cause)) {
            failure = cause;
        }
    }

    // ---- recovery

    /** Drops all memory and has it rebuilt: the last transaction did not end in a confirmed commit. */
    private void recover(Consumer<byte[], byte[]> consumer) {
        Throwable cause = failure != null
                ? failure
                : new IllegalStateException("the transaction ended without a confirmed commit");
        failure = null;
        batch = Batch.NONE;
        health.failed(cause, Duration.ofNanos(System.nanoTime() - batchBegan));
        events.aborted(pipeline.name(), number, cause);
        log.warn(
                "Pipeline {}, lane {}: a transaction failed or its outcome is unknown ({}); rebuilding the state of {} from"
                        + " what is committed",
                pipeline.name(),
                number,
                LaneHealth.describe(cause),
                partitions.keySet());
        for (OwnedPartition partition : partitions.values()) {
            noteWriteFailure(partition);
        }
        if (health.isFencedForGood()) {
            consumer.pause(consumer.assignment());
            end("its transactional id '" + pipeline.transactionalId(number)
                    + "' was taken over again and again: another process runs with the same instance id '"
                    + pipeline.instanceId() + "'. Give each process its own tally.instance-id, then restart this one.");
            stop.run();
            return;
        }
        worker.unsettled();
        restores.forEach(Cancellation::cancel);
        restores.clear();
        restore(consumer, List.copyOf(partitions.values()));
    }

    private void noteWriteFailure(OwnedPartition partition) {
        TransactionalOutbox outbox = outboxes.get(partition.id());
        TransactionalOutbox.WriteFailure written = outbox == null ? null : outbox.takeFailure();
        if (written != null) {
            Refusal refusal = writeFailures.count(partition.id(), written.topic(), written.cause());
            if (refusal != null) {
                refuse(partition, refusal);
            }
        }
    }

    private void restore(Consumer<byte[], byte[]> consumer, Collection<OwnedPartition> affected) {
        List<OwnedPartition> wanted = new ArrayList<>();
        for (OwnedPartition partition : affected) {
            partition.forget();
            outboxes.remove(partition.id());
            if (partition.phase() == PartitionPhase.RESTORING) {
                wanted.add(partition);
            }
        }
        consumer.pause(affected.stream().map(OwnedPartition::id).toList());
        if (!wanted.isEmpty()) {
            restores.removeIf(Cancellation::isCancelled);
            restores.add(worker.submit(wanted, health.backoff()));
        }
    }

    private void adoptRestored(Consumer<byte[], byte[]> consumer) {
        for (OwnedPartition partition : partitions.values()) {
            OwnedPartition.Restored outcome = partition.takeRestored();
            if (outcome == null) {
                continue;
            }
            PartitionProcessor processor = outcome.processor();
            if (processor != null) {
                consumer.seek(partition.id(), processor.nextOffset());
                partition.activate(processor);
                consumer.resume(List.of(partition.id()));
            } else if (outcome.refusal() != null) {
                refuse(partition, outcome.refusal());
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

    // ---- transactions of our own

    /** Commits births, and checkpoints that are due although no records come. */
    private void tick(Consumer<byte[], byte[]> consumer) {
        long nanos = System.nanoTime();
        if (nanos - lastTick < TICK.toNanos()) {
            return;
        }
        lastTick = nanos;
        long now = nowMillis();
        List<OwnedPartition> due = new ArrayList<>();
        for (OwnedPartition partition : partitions.values()) {
            if (partition.isActive() && partition.processor().isCommitDue(now)) {
                due.add(partition);
            }
        }
        if (!due.isEmpty()) {
            commit(consumer, due, (processor, outbox) -> processor.completeBatch(processor.nextOffset(), now, outbox));
        }
    }

    /** Writes all that is dirty, so that the next owner replays nothing. Best effort: it may replay after all. */
    private void drain(Consumer<byte[], byte[]> consumer, Collection<OwnedPartition> leaving) {
        if (batch == Batch.IN_DOUBT || health.hasEnded()) {
            return;
        }
        Batch before = batch;
        try {
            while (true) {
                List<OwnedPartition> dirty = new ArrayList<>();
                for (OwnedPartition partition : leaving) {
                    if (partition.isActive() && partition.processor().isDirty()) {
                        dirty.add(partition);
                    }
                }
                if (dirty.isEmpty()) {
                    break;
                }
                commit(consumer, dirty, (processor, outbox) -> processor.drain(DRAIN, outbox));
            }
            batch = before;
        } catch (RuntimeException e) {
            log.warn(
                    "Pipeline {}, lane {}: the last checkpoint of {} could not be written ({}); the next owner replays"
                            + " instead",
                    pipeline.name(),
                    number,
                    leaving.stream().map(OwnedPartition::id).toList(),
                    LaneHealth.describe(e));
        }
    }

    private interface Writing {
        CommitPoint write(PartitionProcessor processor, TransactionalOutbox outbox);
    }

    /** One transaction with offsets of its own, fenced by the group's generation like any other. */
    private void commit(Consumer<byte[], byte[]> consumer, Collection<OwnedPartition> affected, Writing writing) {
        begin();
        try {
            transactions.execute(() -> {
                Map<TopicPartition, OffsetAndMetadata> touched = new HashMap<>();
                for (OwnedPartition partition : affected) {
                    CommitPoint point = writing.write(partition.processor(), outbox(partition.id()));
                    partition.pending(point);
                    touched.put(partition.id(), new OffsetAndMetadata(point.offset()));
                }
                transactions.producer().sendOffsetsToTransaction(touched, consumer.groupMetadata());
            });
        } catch (RuntimeException e) {
            failed(e);
            throw e;
        }
    }

    // ---- membership

    @Override
    public void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> assigned) {
        List<OwnedPartition> fresh = new ArrayList<>();
        for (TopicPartition id : assigned) {
            OwnedPartition partition = new OwnedPartition(id);
            partitions.put(id, partition);
            fresh.add(partition);
            // Any position keeps the client from looking up one of its own; the restore sets the right one.
            consumer.seek(id, 0);
        }
        if (!fresh.isEmpty()) {
            consumer.pause(assigned);
            restores.add(worker.submit(fresh, health.backoff()));
        }
    }

    @Override
    public void onPartitionsRevokedBeforeCommit(Consumer<?, ?> consumer, Collection<TopicPartition> revoked) {
        List<OwnedPartition> leaving = new ArrayList<>();
        for (TopicPartition id : revoked) {
            OwnedPartition partition = partitions.get(id);
            if (partition != null) {
                leaving.add(partition);
            }
        }
        @SuppressWarnings("unchecked") // the container's consumer is of the lane's factory
        Consumer<byte[], byte[]> ours = (Consumer<byte[], byte[]>) consumer;
        drain(ours, leaving);
        leaving.forEach(this::release);
    }

    @Override
    public void onPartitionsLost(Consumer<?, ?> consumer, Collection<TopicPartition> lost) {
        for (TopicPartition id : lost) {
            OwnedPartition partition = partitions.get(id);
            if (partition != null) {
                release(partition);
            }
        }
    }

    private void release(OwnedPartition partition) {
        partition.release();
        partitions.remove(partition.id());
        outboxes.remove(partition.id());
        events.released(pipeline.name(), partition.number());
    }

    @Override
    public void close(Consumer<byte[], byte[]> consumer) {
        running = false;
        restores.forEach(Cancellation::cancel);
        drain(consumer, List.copyOf(partitions.values()));
        CloseOptions options = CloseOptions.timeout(CLOSE_TIMEOUT);
        if (!health.hasEnded()) {
            options.withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP);
        }
        try {
            consumer.close(options);
        } finally {
            worker.close();
            transactions.close();
        }
    }

    // ---- views

    LaneStatus status() {
        List<PartitionStatus> statuses = partitions.values().stream()
                .map(OwnedPartition::status)
                .sorted(Comparator.comparingInt(PartitionStatus::partition))
                .toList();
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
                statuses);
    }

    private OwnedPartition owned(TopicPartition id) {
        OwnedPartition partition = partitions.get(id);
        if (partition == null) {
            throw new IllegalStateException("records of " + id + ", which is not assigned to lane " + number);
        }
        return partition;
    }

    private TransactionalOutbox outbox(TopicPartition id) {
        return outboxes.computeIfAbsent(
                id,
                key -> new TransactionalOutbox(transactions, pipeline.topics(), layout, sideRecords, key.partition()));
    }

    private static long nowMillis() {
        return System.nanoTime() / 1_000_000;
    }
}
