package io.tally.kafka.member;

import io.tally.checkpoint.Ledger;
import io.tally.kafka.client.Permissions;
import io.tally.kafka.transaction.Losses;
import io.tally.kafka.transaction.SendFailures;
import io.tally.kafka.transaction.TransactionalOutbox;
import io.tally.pipeline.CommitPoint;
import io.tally.pipeline.RefusedException;
import io.tally.pipeline.partition.PartitionProcessor;
import io.tally.pipeline.status.LostRecords;
import io.tally.pipeline.status.PartitionPhase;
import io.tally.pipeline.status.PartitionSnapshot;
import io.tally.pipeline.status.PartitionStatus;
import io.tally.pipeline.status.PipelineEvents;
import io.tally.pipeline.status.Refusal;
import io.tally.pipeline.status.RowSample;
import io.tally.pipeline.status.TransactionSize;
import io.tally.pipeline.status.Uncounted;
import io.tally.plan.KafkaPipeline;
import io.tally.setting.Setting;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The source partitions that a lane owns at the moment. Confined to the consumer thread, except {@link #statuses}. */
public final class LanePartitions {
    private static final Logger log = LoggerFactory.getLogger(LanePartitions.class);

    /** Somewhat less than the second in which a page asks, so that it gets something new each time. */
    private static final Duration LOOK = Duration.ofMillis(900);

    private final KafkaPipeline pipeline;
    private final PipelineEvents events;
    private final Map<TopicPartition, OwnedPartition> partitions = new ConcurrentHashMap<>();
    private final WriteFailures writeFailures = new WriteFailures();
    private final LossLog lossLog;
    private long lastLook = System.nanoTime() - LOOK.toNanos();

    /** Begins without partitions. */
    public LanePartitions(KafkaPipeline pipeline, PipelineEvents events) {
        lossLog = new LossLog(pipeline);
        this.pipeline = pipeline;
        this.events = events;
    }

    public OwnedPartition add(TopicPartition id) {
        OwnedPartition partition =
                new OwnedPartition(id, AccessPatience.of(pipeline), AccessPatience.of(pipeline), pipeline.uncounted());
        OwnedPartition before = partitions.put(id, partition);
        if (before != null) {
            before.release();
        }
        return partition;
    }

    /** A partition has left the lane. */
    public void release(OwnedPartition partition) {
        partition.release();
        partitions.remove(partition.id());
        writeFailures.released(partition.id());
        events.released(pipeline.name(), partition.number());
    }

    /** The lane has ended, so nothing is its own any more. */
    public void releaseAll() {
        List.copyOf(partitions.values()).forEach(this::release);
    }

    /** A partition cannot go on until somebody has done what is to be done. */
    public void refuse(OwnedPartition partition, Refusal refusal) {
        partition.refuse(refusal);
        events.refused(pipeline.name(), partition.number(), refusal);
        log.error(
                "Pipeline {} refuses partition {}.\n  Problem: {}\n  Remedy:  {}",
                pipeline.name(),
                partition.id(),
                refusal.problem(),
                refusal.remedy());
    }

    /** The partitions that must be restored, but that nobody restores. */
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

    /** Those of these partitions that the lane owns. */
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
     * Lets an active partition work in the running transaction.
     *
     * @throws RefusedException if it cannot go on; it is refused then, and the transaction must fail
     */
    public <T> T work(OwnedPartition partition, Function<PartitionProcessor, T> work) {
        try {
            return work.apply(partition.processor());
        } catch (RefusedException e) {
            refuse(partition, e.refusal());
            throw e;
        }
    }

    /** The running transaction is committed; gives what it held. */
    public TransactionSize confirm() {
        long records = 0;
        long rows = 0;
        long bytes = 0;
        for (OwnedPartition partition : partitions.values()) {
            PartitionSnapshot before = partition.committed();
            PartitionSnapshot after = partition.confirm();
            if (after != null) {
                writeFailures.committed(partition.id(), after.offset());
                TransactionalOutbox outbox = partition.outbox();
                Ledger earlier =
                        before == null ? Ledger.EMPTY : before.metadata().ledger();
                Ledger delta = after.metadata().ledger().minus(earlier);
                long results = outbox.takeResults();
                events.committed(pipeline.name(), partition.number(), delta, results, outbox.takeStateRecords(), after);
                RowSample sample = partition.processor().takeSample();
                if (sample != null) {
                    events.sampled(pipeline.name(), sample);
                }
                tell(partition, delta, outbox.takeLosses());
                records += delta.total();
                rows += results;
                bytes += outbox.takeBytes();
            }
        }
        return new TransactionSize(records, rows, bytes);
    }

    /**
     * Notes what is open where somebody watches, at most once a second. Only between transactions, so that it is what
     * is committed.
     */
    public void look() {
        long now = System.nanoTime();
        if (now - lastLook >= LOOK.toNanos() && events.isWatched()) {
            lastLook = now;
            partitions.values().forEach(OwnedPartition::look);
        }
    }

    /** A restored partition goes to work. */
    public void activated(OwnedPartition partition) {
        events.activated(pipeline.name(), partition.number());
        warnIfRunAway(partition);
    }

    /** Says so if a watermark cannot be right. */
    private void warnIfRunAway(OwnedPartition partition) {
        PartitionProcessor processor = partition.processor();
        if (processor.hasRunAway(System.currentTimeMillis())) {
            log.warn(
                    "Pipeline {}: the watermark of {} is {}, further ahead of this host's clock than {}, so"
                            + " whatever comes until then is late. Either this clock is wrong, or a record of a wrong clock"
                            + " has moved it; docs/endpoints.md (Set a watermark back) says how to set it back",
                    pipeline.name(),
                    partition.id(),
                    Instant.ofEpochMilli(processor.watermark()),
                    Setting.TIMESTAMP_MAX_AHEAD);
        }
    }

    /** Makes records visible that are not counted. */
    private void tell(OwnedPartition partition, Ledger delta, Losses losses) {
        losses.byReason().forEach((reason, loss) -> {
            if (!reason.equals(Losses.LATE)) {
                events.deadLettered(pipeline.name(), partition.number(), reason, loss.count());
            }
            events.lost(pipeline.name(), lost(partition, reason, loss, losses.sample(reason)));
        });
        long now = System.nanoTime();
        lossLog.lost(partition.id(), losses, now);
        boolean before = partition.uncounted() != null;
        partition.counted(delta, losses);
        Uncounted uncounted = partition.uncounted();
        if (uncounted != null) {
            lossLog.uncounted(partition.id(), uncounted.text(), now);
        } else if (before) {
            lossLog.countedAgain(partition.id());
        }
    }

    private static LostRecords lost(
            OwnedPartition partition, String reason, Losses.Loss loss, Losses.@Nullable Sampled one) {
        return new LostRecords(
                reason,
                Remedies.of(reason),
                loss.count(),
                partition.id() + "@" + (one == null ? loss.offset() : one.offset()),
                one == null ? null : one.sample());
    }

    /**
     * The transaction has failed: all memory is dropped.
     *
     * @param sends its failed sends
     * @return whether that was for a reason of some partition's own outputs
     */
    public boolean forgetAll(SendFailures sends) {
        boolean ofPartitions = false;
        for (OwnedPartition partition : partitions.values()) {
            SendFailures.Failure written = sends.own(partition.number());
            if (written != null) {
                ofPartitions = true;
                // One that has left meanwhile and come back does not know yet how far it must get to have overcome it.
                if (partition.isActive()) {
                    noteWriteFailure(partition, written);
                }
            }
            partition.forget();
        }
        return ofPartitions;
    }

    private void noteWriteFailure(OwnedPartition partition, SendFailures.Failure written) {
        long reach = partition.processor().nextOffset();
        Refusal refusal = writeFailures.count(partition.id(), reach, written.topic(), written.cause());
        String what = "The outputs of " + partition.id() + " cannot be written to topic " + written.topic();
        if (partition.writes().isOver(written.cause())) {
            refusal = partition.writes().refusal(what, written.cause());
        }
        if (refusal != null) {
            refuse(partition, refusal);
        } else if (AccessPatience.lack(written.cause()) != null) {
            partition.holdBack(
                    what + ": " + Permissions.describe(pipeline, written.cause()), reach, AccessPatience.RETRY);
        }
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

    /** Notes which partitions have committed all that there is to read, as far as the consumer knows. */
    public void noteCaughtUp(Consumer<?, ?> consumer, Instant now) {
        Set<TopicPartition> assigned = consumer.assignment();
        for (OwnedPartition partition : partitions.values()) {
            if (partition.isActive()
                    && !partition.isBehind()
                    && assigned.contains(partition.id())
                    && consumer.currentLag(partition.id()).orElse(1) == 0) {
                partition.countedUpTo().caughtUp(now);
            }
        }
    }

    /** Whether rows of an active partition had no room and leave in further transactions. */
    public boolean isBehind() {
        for (OwnedPartition partition : partitions.values()) {
            if (partition.isBehind()) {
                return true;
            }
        }
        return false;
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
