package io.tally.kafka.member;

import io.tally.kafka.transaction.SendFailures;
import io.tally.kafka.transaction.TransactionalOutbox;
import io.tally.pipeline.CommitPoint;
import io.tally.pipeline.PartitionProcessor;
import io.tally.pipeline.RefusedException;
import io.tally.pipeline.status.PartitionPhase;
import io.tally.pipeline.status.PartitionStatus;
import io.tally.pipeline.status.Refusal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The source partitions that a lane owns at the moment, each with its outbox. Confined to the consumer thread, except
 * {@link #statuses}.
 */
public final class LanePartitions {
    private final Map<TopicPartition, OwnedPartition> partitions = new ConcurrentHashMap<>();
    private final Map<TopicPartition, TransactionalOutbox> outboxes = new HashMap<>();
    private final OutboxFactory newOutbox;
    /** Of the running transaction; those before it had none. */
    private SendFailures sendFailures = new SendFailures();

    private final BiConsumer<OwnedPartition, Refusal> refuse;
    private final Supplier<AccessPatience> patience;

    /** Makes the outbox of the partition of that number, which notes there what fails. */
    public interface OutboxFactory {
        TransactionalOutbox outbox(SendFailures failures, int partition);
    }

    /** Something that a partition does in the running transaction. */
    public interface Work<T> {
        T with(PartitionProcessor processor, TransactionalOutbox outbox);
    }

    /**
     * Begins without any.
     *
     * @param newOutbox makes the outbox of a partition
     * @param refuse told of a partition that cannot go on
     * @param patience makes that of a partition's reads or writes
     */
    public LanePartitions(
            OutboxFactory newOutbox, BiConsumer<OwnedPartition, Refusal> refuse, Supplier<AccessPatience> patience) {
        this.newOutbox = newOutbox;
        this.refuse = refuse;
        this.patience = patience;
    }

    public OwnedPartition add(TopicPartition id) {
        OwnedPartition partition = new OwnedPartition(id, patience.get(), patience.get());
        OwnedPartition before = partitions.put(id, partition);
        if (before != null) {
            before.release();
        }
        outboxes.remove(id);
        return partition;
    }

    /** Those that must be restored, but that nobody restores. */
    public List<OwnedPartition> forgotten() {
        List<OwnedPartition> forgotten = List.of();
        for (OwnedPartition partition : partitions.values()) {
            if (partition.isForgotten()) {
                forgotten = forgotten.isEmpty() ? new ArrayList<>() : forgotten;
                forgotten.add(partition);
            }
        }
        return forgotten;
    }

    public void remove(OwnedPartition partition) {
        partitions.remove(partition.id());
        outboxes.remove(partition.id());
    }

    public Collection<OwnedPartition> all() {
        return partitions.values();
    }

    public Collection<TopicPartition> ids() {
        return partitions.keySet();
    }

    @Nullable
    public OwnedPartition get(TopicPartition id) {
        return partitions.get(id);
    }

    /** Those of them that are ours. */
    public List<OwnedPartition> of(Collection<TopicPartition> ids) {
        return partitions.values().stream()
                .filter(partition -> ids.contains(partition.id()))
                .toList();
    }

    public OwnedPartition owned(TopicPartition id) {
        OwnedPartition partition = partitions.get(id);
        if (partition == null) {
            throw new IllegalStateException("records of " + id + ", which is not assigned to this lane");
        }
        return partition;
    }

    /**
     * Has an active partition work in the running transaction.
     *
     * @throws RefusedException if it cannot go on; it is refused then, and the transaction must fail
     */
    public <T> T work(OwnedPartition partition, Work<T> work) {
        try {
            return work.with(partition.processor(), outbox(partition));
        } catch (RefusedException e) {
            refuse.accept(partition, e.refusal());
            throw e;
        }
    }

    public TransactionalOutbox outbox(OwnedPartition partition) {
        return outboxes.computeIfAbsent(partition.id(), id -> newOutbox.outbox(sendFailures, id.partition()));
    }

    /** What could not be written of the transaction that failed last. What its producer tells yet is of no interest. */
    public SendFailures takeSendFailures() {
        SendFailures failures = sendFailures;
        sendFailures = new SendFailures();
        outboxes.clear();
        return failures;
    }

    /** Drops the partition's memory, and what was on its way out. */
    public void forget(OwnedPartition partition) {
        partition.forget();
        outboxes.remove(partition.id());
    }

    public boolean isRestoring() {
        for (OwnedPartition partition : partitions.values()) {
            if (partition.phase() == PartitionPhase.RESTORING) {
                return true;
            }
        }
        return false;
    }

    /** Whether an active partition has something to write that should not wait, whether or not it gets records. */
    public boolean isCommitDue(long now) {
        for (OwnedPartition partition : partitions.values()) {
            if (partition.isActive() && partition.processor().isCommitDue(now)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether every partition that is not refused has committed all that there is to read and to write, as far as
     * known.
     */
    public boolean isNothingWaiting(Consumer<?, ?> consumer, long now) {
        for (OwnedPartition partition : partitions.values()) {
            boolean waits = switch (partition.phase()) {
                case REFUSED -> false;
                case RESTORING -> true;
                case ACTIVE ->
                    partition.processor().isCommitDue(now)
                            || partition.processor().isIdle(now)
                            || consumer.currentLag(partition.id()).orElse(1) > 0;
            };
            if (waits) {
                return false;
            }
        }
        return true;
    }

    /** Whether rows of an active partition had no room and leave in further transactions. */
    public boolean isBehind() {
        for (OwnedPartition partition : partitions.values()) {
            if (isBehind(partition)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isBehind(OwnedPartition partition) {
        return partition.isActive() && partition.processor().isBehind();
    }

    /**
     * Has no records delivered of partitions whose rows have to leave first, and what was delivered delivered again;
     * has those go on that are done.
     */
    public void holdBehind(Consumer<?, ?> consumer) {
        for (OwnedPartition partition : partitions.values()) {
            boolean behind = isBehind(partition);
            if (behind && !partition.isPaused()) {
                consumer.pause(List.of(partition.id()));
                consumer.seek(partition.id(), partition.processor().nextOffset());
                partition.paused(true);
            } else if (!behind && partition.isPaused()) {
                consumer.resume(List.of(partition.id()));
                partition.paused(false);
            }
        }
    }

    /**
     * The records of active partitions; those of others are read again once they are active. Where a poll went on
     * without a record the partition notes how far.
     */
    public ConsumerRecords<ByteBuffer, ByteBuffer> onlyActive(ConsumerRecords<ByteBuffer, ByteBuffer> records) {
        records.nextOffsets().forEach((id, next) -> {
            OwnedPartition partition = partitions.get(id);
            if (partition != null && partition.isActive() && records.records(id).isEmpty()) {
                partition.reached(next);
                partition.processor().skipTo(next.offset());
            }
        });
        boolean all = true;
        for (TopicPartition id : records.partitions()) {
            all &= isActive(id);
        }
        if (all) {
            return records;
        }
        Map<TopicPartition, List<ConsumerRecord<ByteBuffer, ByteBuffer>>> active = new HashMap<>();
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

    /**
     * The offsets of the current transaction with their metadata.
     *
     * @param expected the partitions that must have some, and no others
     */
    public Map<TopicPartition, OffsetAndMetadata> offsets(Set<TopicPartition> expected) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (OwnedPartition partition : partitions.values()) {
            CommitPoint point = partition.pending();
            if (point != null) {
                offsets.put(
                        partition.id(),
                        partition.at(point.offset(), point.metadata().format()));
            }
        }
        if (!offsets.keySet().equals(expected)) {
            throw new IllegalStateException(
                    "the transaction is about " + offsets.keySet() + ", but has records of " + expected);
        }
        return offsets;
    }

    /** From any thread. */
    public List<PartitionStatus> statuses() {
        return partitions.values().stream()
                .map(OwnedPartition::status)
                .sorted(Comparator.comparingInt(PartitionStatus::partition))
                .toList();
    }
}
