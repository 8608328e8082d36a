package io.tally.kafka;

import io.tally.pipeline.CommitPoint;
import io.tally.pipeline.PartitionProcessor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The transactions of a lane that no poll asks for: births and checkpoints of partitions without records, windows that
 * close because their source is idle, and the last checkpoint before a partition leaves. They commit offsets, so the
 * group's generation fences them like any other.
 */
final class OwnTransactions {
    private static final Logger log = LoggerFactory.getLogger(OwnTransactions.class);
    /** How often partitions without records are looked at. */
    private static final Duration TICK = Duration.ofMillis(200);
    /** How long the consumer thread may wait for the ends of silent partitions. */
    private static final Duration END_PATIENCE = Duration.ofSeconds(1);
    /** Entries per partition and transaction of a planned handover: few enough for the transaction time-out. */
    private static final int DRAIN = 20_000;

    private final String name;
    private final LaneTransactions transactions;
    private final LanePartitions partitions;
    private final Doubt doubt;
    private long lastTick;

    /** @param name of the lane, for the log */
    OwnTransactions(String name, LaneTransactions transactions, LanePartitions partitions, Doubt doubt) {
        this.name = name;
        this.transactions = transactions;
        this.partitions = partitions;
        this.doubt = doubt;
    }

    private interface Writing {
        CommitPoint write(PartitionProcessor processor, TransactionalOutbox outbox);
    }

    /** The next {@link #tick} looks whatever the time. */
    void hurry() {
        lastTick = System.nanoTime() - TICK.toNanos();
    }

    /**
     * Commits births, checkpoints that are due although no records come, and the rows of idle partitions. A failure
     * leaves the lane in doubt.
     */
    void tick(Consumer<byte[], byte[]> consumer, long now) {
        long nanos = System.nanoTime();
        if (nanos - lastTick < TICK.toNanos()) {
            return;
        }
        lastTick = nanos;
        Set<OwnedPartition> due = new HashSet<>(active(partitions.all(), processor -> processor.isCommitDue(now)));
        Set<PartitionProcessor> idle = new HashSet<>();
        for (OwnedPartition partition : idle(consumer, now)) {
            due.add(partition);
            idle.add(partition.processor());
        }
        if (due.isEmpty()) {
            return;
        }
        try {
            commit(consumer, due, (processor, outbox) -> {
                if (idle.contains(processor)) {
                    processor.closeIdle(outbox);
                }
                return processor.completeBatch(processor.nextOffset(), now, outbox);
            });
        } catch (RuntimeException e) {
            // As with any other transaction: the next poll rebuilds. Thrown from here, some would end the container.
            log.debug("{}: a checkpoint of its own failed", name, e);
        }
    }

    /**
     * Partitions from which nothing comes because there is nothing: the broker is asked for their end, so that neither
     * a broker that is away nor a slow fetch looks like silence.
     */
    private List<OwnedPartition> idle(Consumer<byte[], byte[]> consumer, long now) {
        List<OwnedPartition> silent = active(partitions.all(), processor -> processor.isIdle(now));
        if (silent.isEmpty()) {
            return silent;
        }
        try {
            Map<TopicPartition, Long> ends =
                    consumer.endOffsets(silent.stream().map(OwnedPartition::id).toList(), END_PATIENCE);
            silent.removeIf(
                    partition -> consumer.position(partition.id()) < ends.getOrDefault(partition.id(), Long.MAX_VALUE));
            return silent;
        } catch (KafkaException e) {
            log.debug("{}: the ends of idle partitions are not known", name, e);
            return List.of();
        }
    }

    /** Writes all that is dirty, so that the next owner replays nothing. Best effort: it may replay after all. */
    void drain(Consumer<byte[], byte[]> consumer, Collection<OwnedPartition> leaving) {
        try {
            while (true) {
                List<OwnedPartition> dirty = active(leaving, PartitionProcessor::isDirty);
                if (dirty.isEmpty()) {
                    return;
                }
                commit(consumer, dirty, (processor, outbox) -> processor.drain(DRAIN, outbox));
            }
        } catch (RuntimeException e) {
            log.warn(
                    "{}: the last checkpoint of {} could not be written ({}); the next owner replays instead",
                    name,
                    leaving.stream().map(OwnedPartition::id).toList(),
                    LaneHealth.describe(e));
        }
    }

    private static List<OwnedPartition> active(Collection<OwnedPartition> all, Predicate<PartitionProcessor> wanted) {
        List<OwnedPartition> found = new ArrayList<>();
        for (OwnedPartition partition : all) {
            if (partition.isActive() && wanted.test(partition.processor())) {
                found.add(partition);
            }
        }
        return found;
    }

    private void commit(Consumer<byte[], byte[]> consumer, Collection<OwnedPartition> affected, Writing writing) {
        doubt.memoryChanges();
        try {
            transactions.execute(() -> {
                Map<TopicPartition, OffsetAndMetadata> touched = new HashMap<>();
                for (OwnedPartition partition : affected) {
                    CommitPoint point = writing.write(partition.processor(), partitions.outbox(partition));
                    partition.pending(point);
                    touched.put(partition.id(), new OffsetAndMetadata(point.offset()));
                }
                transactions.producer().sendOffsetsToTransaction(touched, consumer.groupMetadata());
            });
        } catch (RuntimeException e) {
            doubt.failed(e);
            throw e;
        }
    }
}
