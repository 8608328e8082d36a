package io.tally.kafka.lane;

import io.tally.kafka.client.Causes;
import io.tally.kafka.member.LanePartitions;
import io.tally.kafka.member.OwnedPartition;
import io.tally.kafka.member.Pause;
import io.tally.kafka.restore.LogOffsets;
import io.tally.kafka.transaction.LaneTransactions;
import io.tally.pipeline.CommitPoint;
import io.tally.pipeline.partition.PartitionProcessor;
import io.tally.pipeline.partition.SetBack;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The transactions of a lane that no poll asks for: births and checkpoints of partitions without records, rows that one
 * transaction had no room for, windows that close because their source is idle, and the last checkpoint before a
 * partition leaves. They commit offsets, so the group's generation fences them like any other.
 */
final class OwnTransactions {
    private static final Logger log = LoggerFactory.getLogger(OwnTransactions.class);
    /** How often the broker is asked for the end of silent partitions. */
    private static final Duration IDLE_LOOK = Duration.ofMillis(200);
    /** How long the consumer thread may wait for the end of a silent partition. */
    private static final Duration END_PATIENCE = Duration.ofSeconds(1);
    /** After a wait in vain, how long the lane serves its other partitions before it waits again. */
    private static final Duration IDLE_UNKNOWN_BACKOFF = Duration.ofSeconds(10);

    /**
     * How many entries of a partition one transaction of a planned handover, or of a requested checkpoint, writes: few
     * enough for its time-out. Cuts have no such limit.
     */
    private static final int DRAIN = 20_000;

    private final LaneId lane;
    private final LaneTransactions transactions;
    private final LanePartitions partitions;
    private final Pause pause;
    private final Doubt doubt;
    private final LogOffsets offsets;
    private final Duration tick;
    private long lastTick;
    private long lastIdleLook = System.nanoTime() - IDLE_LOOK.toNanos();
    /** When the end of a silent partition could not be found out. */
    private long idleUnknown = System.nanoTime() - IDLE_UNKNOWN_BACKOFF.toNanos();

    /** @param tick how often partitions without records are looked at */
    OwnTransactions(
            LaneId lane,
            LaneTransactions transactions,
            LanePartitions partitions,
            Pause pause,
            Doubt doubt,
            LogOffsets offsets,
            Duration tick) {
        this.lane = lane;
        this.transactions = transactions;
        this.partitions = partitions;
        this.pause = pause;
        this.doubt = doubt;
        this.offsets = offsets;
        this.tick = tick;
    }

    /** The next {@link #tick} looks whatever the time. */
    void hurry() {
        lastTick = System.nanoTime() - tick.toNanos();
    }

    /**
     * Commits notes of refusals that are to stay, births, rows that had no room in the transaction before, checkpoints
     * that are due although no records come, and the rows of idle partitions. A failure leaves the lane in doubt.
     */
    void tick(Consumer<?, ?> consumer, long now) {
        long nanos = System.nanoTime();
        if (nanos - lastTick < tick.toNanos() && !partitions.isBehind()) {
            return;
        }
        try {
            commitNotes(consumer);
            List<OwnedPartition> due = active(partitions.all(), processor -> processor.isCommitDue(now));
            if (!due.isEmpty()) {
                commit(consumer, due, work(processor -> processor.completeBatch(processor.nextOffset(), now)));
            }
            if (nanos - lastIdleLook >= IDLE_LOOK.toNanos()) {
                lastIdleLook = nanos;
                closeIdle(consumer, now);
            }
        } catch (RuntimeException e) {
            // The next poll rebuilds, as after any other transaction. Some exceptions would end the container if thrown
            // from here.
            log.debug("{}: a transaction of its own failed", lane, e);
        } finally {
            lastTick = System.nanoTime();
        }
    }

    private void commitNotes(Consumer<?, ?> consumer) {
        List<OwnedPartition> noting = new ArrayList<>();
        for (OwnedPartition partition : partitions.all()) {
            if (partition.note() != null) {
                noting.add(partition);
            }
        }
        if (!noting.isEmpty()) {
            commit(consumer, noting, partition -> Objects.requireNonNull(partition.note()));
        }
    }

    /** Each partition in a transaction of its own: the rows of all together may be too many for one. */
    private void closeIdle(Consumer<?, ?> consumer, long now) {
        if (pause.isOn() || System.nanoTime() - idleUnknown < IDLE_UNKNOWN_BACKOFF.toNanos()) {
            return;
        }
        for (OwnedPartition partition : active(partitions.all(), processor -> processor.isIdle(now))) {
            if (isAtEnd(consumer, partition.id())) {
                commit(consumer, List.of(partition), work(processor -> {
                    processor.closeIdle();
                    return processor.completeBatch(processor.nextOffset(), now);
                }));
            }
        }
    }

    /**
     * Whether no records come because there are none. The broker is asked for the end, so that neither a broker that is
     * away nor a slow fetch looks like silence. Nor does an open transaction: its records, and all behind them, are
     * beyond the end that the consumer knows.
     */
    private boolean isAtEnd(Consumer<?, ?> consumer, TopicPartition id) {
        try {
            return consumer.position(id) >= offsets.highWatermark(id, END_PATIENCE);
        } catch (KafkaException e) {
            idleUnknown = System.nanoTime();
            log.debug("{}: the end of {} is not known", lane, id, e);
            return false;
        }
    }

    /** Writes all that is dirty, so that the next owner replays nothing. Best effort: it may replay after all. */
    void drain(Consumer<?, ?> consumer, Collection<OwnedPartition> leaving) {
        if (doubt.isMemoryInDoubt()) {
            return;
        }
        try {
            checkpoint(consumer, leaving);
        } catch (RuntimeException e) {
            log.warn(
                    "{}: the last checkpoint of {} could not be written ({}); the next owner replays instead",
                    lane,
                    leaving.stream().map(OwnedPartition::id).toList(),
                    Causes.describe(e));
        }
    }

    /**
     * Writes all that is dirty, in as many transactions as it takes.
     *
     * @throws RuntimeException if one fails, which leaves the lane in doubt
     */
    void checkpoint(Consumer<?, ?> consumer, Collection<OwnedPartition> affected) {
        while (true) {
            List<OwnedPartition> dirty = active(affected, PartitionProcessor::isDirty);
            if (dirty.isEmpty()) {
                return;
            }
            commit(consumer, dirty, work(processor -> processor.drain(DRAIN)));
        }
    }

    /**
     * Sends all that is open, and forgets what is kept of closed windows, in as many transactions as it takes.
     *
     * @throws RuntimeException if one fails, which leaves the lane in doubt
     */
    void closeOpen(Consumer<?, ?> consumer, OwnedPartition partition) {
        List<OwnedPartition> one = List.of(partition);
        commit(consumer, one, work(processor -> {
            processor.closeOpen();
            return processor.completeBatch(processor.nextOffset(), SteadyClock.millis());
        }));
        while (partition.processor().isBehind()) {
            commit(
                    consumer,
                    one,
                    work(processor -> processor.completeBatch(processor.nextOffset(), SteadyClock.millis())));
        }
    }

    /**
     * Commits a lower watermark with all that the partition has yet to write.
     *
     * @throws RuntimeException if it fails, which leaves the lane in doubt
     */
    void setBack(Consumer<?, ?> consumer, OwnedPartition partition, SetBack target) {
        commit(consumer, List.of(partition), work(processor -> processor.setBack(target)));
    }

    private Function<OwnedPartition, CommitPoint> work(Function<PartitionProcessor, CommitPoint> work) {
        return partition -> partitions.work(partition, work);
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

    /**
     * Commits what partitions write. If a transaction of the container is running, both are committed together.
     *
     * @param writing gives what to commit for a partition
     * @throws RuntimeException if it fails, which leaves the lane in doubt
     */
    void commit(
            Consumer<?, ?> consumer,
            Collection<OwnedPartition> affected,
            Function<OwnedPartition, CommitPoint> writing) {
        doubt.memoryChanges();
        try {
            transactions.execute(() -> {
                Map<TopicPartition, OffsetAndMetadata> touched = new HashMap<>();
                for (OwnedPartition partition : affected) {
                    CommitPoint point = writing.apply(partition);
                    partition.pending(point);
                    touched.put(partition.id(), new OffsetAndMetadata(point.offset()));
                }
                transactions.producer().sendOffsetsToTransaction(touched, consumer.groupMetadata());
            });
        } catch (RuntimeException | Error e) {
            // An error, too: the client may not let it through from a rebalance.
            doubt.failed(e);
            throw e;
        }
    }
}
