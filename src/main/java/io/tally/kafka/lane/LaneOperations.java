package io.tally.kafka.lane;

import io.tally.checkpoint.CommitMetadata;
import io.tally.kafka.client.Causes;
import io.tally.kafka.member.Delivery;
import io.tally.kafka.member.LanePartitions;
import io.tally.kafka.member.OwnedPartition;
import io.tally.kafka.restore.Restores;
import io.tally.pipeline.StageKind;
import io.tally.pipeline.control.LaneReport;
import io.tally.pipeline.control.Outcome;
import io.tally.pipeline.control.PartitionKey;
import io.tally.pipeline.control.PartitionReport;
import io.tally.pipeline.control.RowsOfKey;
import io.tally.pipeline.control.WatermarkOrder;
import io.tally.pipeline.partition.PartitionProcessor;
import io.tally.pipeline.partition.SetBack;
import io.tally.pipeline.status.PartitionSnapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a lane does at an operator's request, between two transactions. Confined to the consumer thread. */
final class LaneOperations {
    private static final Logger log = LoggerFactory.getLogger(LaneOperations.class);

    /** The most rows of a key in one partition. */
    private static final int MOST_ROWS = 100;

    private final LaneId lane;
    private final LanePartitions partitions;
    private final Delivery delivery;
    private final OwnTransactions own;
    private final Restores restores;

    LaneOperations(LaneId lane, LanePartitions partitions, Delivery delivery, OwnTransactions own, Restores restores) {
        this.lane = lane;
        this.partitions = partitions;
        this.delivery = delivery;
        this.own = own;
        this.restores = restores;
    }

    /** Holds what is to be held, or lets it go on. All that was taken before is committed by now. */
    LaneReport hold(Consumer<?, ?> consumer) {
        delivery.hold(consumer);
        return answer(reports(Outcome.DONE));
    }

    /** Writes all that is dirty. */
    LaneReport checkpoint(Consumer<?, ?> consumer) {
        own.checkpoint(consumer, partitions.all());
        return answer(reports(Outcome.REFUSED));
    }

    /**
     * Sets watermarks back, each partition in a transaction of its own. After a failure the others are left as they
     * are: the lane rebuilds its memory first.
     */
    LaneReport setBack(Consumer<?, ?> consumer, WatermarkOrder order) {
        List<PartitionReport> reports = new ArrayList<>();
        for (OwnedPartition partition : inOrder()) {
            if (order.isAbout(partition.number())) {
                boolean failed = reports.stream().anyMatch(report -> report.outcome() == Outcome.FAILED);
                reports.add(
                        failed
                                ? without(partition, Outcome.BUSY, "another partition failed. Ask again")
                                : setBack(consumer, partition, order));
            }
        }
        return answer(reports);
    }

    private PartitionReport setBack(Consumer<?, ?> consumer, OwnedPartition partition, WatermarkOrder order) {
        if (!partition.isActive()) {
            return report(partition, Outcome.REFUSED, null);
        }
        if (partition.processor().setBackTo(order.watermark()).isNeedless()) {
            return report(partition, Outcome.DONE, "its watermark is not after that, so there was nothing to do");
        }
        try {
            String obstacle = obstacle(consumer, partition, order);
            if (obstacle != null) {
                return report(partition, Outcome.REFUSED, obstacle);
            }
            if (order.close()) {
                own.closeOpen(consumer, partition);
            }
            own.checkpoint(consumer, List.of(partition));
            SetBack target = partition.processor().setBackTo(order.watermark());
            String effect = target.effect();
            own.setBack(consumer, partition, target);
            PartitionReport report = report(partition, Outcome.DONE, effect);
            log.warn(
                    "Pipeline {}: the watermark of {} is set back to {}, at offset {}: {}",
                    lane.pipelineName(),
                    partition.id(),
                    Instant.ofEpochMilli(order.watermark()),
                    report.offset(),
                    effect);
            partition.forget();
            restores.rebuild(consumer, List.of(partition));
            return report;
        } catch (RuntimeException e) {
            String text = "it failed, or its outcome is unknown: " + Causes.describe(e)
                    + ". See the watermark once the partition is restored";
            return without(partition, Outcome.FAILED, text);
        }
    }

    private static @Nullable String obstacle(Consumer<?, ?> consumer, OwnedPartition partition, WatermarkOrder order) {
        PartitionProcessor processor = partition.processor();
        if (processor.source().stage() == StageKind.MERGE
                && consumer.currentLag(partition.id()).orElse(1) > 0) {
            return "records of the shuffle topic wait to be merged, and may bring the watermark back. Ask again when the"
                    + " partition is at the end of the topic";
        }
        return processor.setBackTo(order.watermark()).obstacle(order.close());
    }

    /** The rows of a key, of each partition that may have it. Nothing is in memory that is not committed. */
    LaneKey key(byte[] key) {
        List<PartitionKey> found = new ArrayList<>();
        Set<Integer> looked = new TreeSet<>();
        for (OwnedPartition partition : inOrder()) {
            PartitionSnapshot committed = partition.committed();
            if (!partition.isActive() || committed == null) {
                continue;
            }
            looked.add(partition.number());
            RowsOfKey rows = partition.processor().rowsOf(key, MOST_ROWS);
            if (!rows.rows().isEmpty()) {
                found.add(new PartitionKey(
                        partition.number(),
                        lane.number(),
                        committed.offset(),
                        watermark(committed.metadata()),
                        rows.rows(),
                        rows.hasMore()));
            }
        }
        return new LaneKey(lane.number(), Outcome.DONE, null, found, looked);
    }

    private LaneReport answer(List<PartitionReport> reports) {
        Outcome worst = reports.stream()
                .map(PartitionReport::outcome)
                .max(Comparator.naturalOrder())
                .orElse(Outcome.DONE);
        return new LaneReport(lane.number(), worst, null, reports);
    }

    /** @param inactive what to say of partitions that are not worked on */
    private List<PartitionReport> reports(Outcome inactive) {
        return inOrder().stream()
                .map(partition -> report(partition, partition.isActive() ? Outcome.DONE : inactive, null))
                .toList();
    }

    private List<OwnedPartition> inOrder() {
        return partitions.all().stream()
                .sorted(Comparator.comparingInt(OwnedPartition::number))
                .toList();
    }

    private static PartitionReport report(OwnedPartition partition, Outcome outcome, @Nullable String text) {
        PartitionSnapshot committed = partition.committed();
        if (!partition.isActive() || committed == null) {
            return without(partition, outcome, "it is not worked on, since it is being restored or is refused");
        }
        CommitMetadata metadata = committed.metadata();
        return new PartitionReport(
                partition.number(), outcome, text, committed.offset(), metadata.recoveryOffset(), watermark(metadata));
    }

    private static @Nullable Long watermark(CommitMetadata metadata) {
        return metadata.watermark() == Long.MIN_VALUE ? null : (Long) metadata.watermark();
    }

    private static PartitionReport without(OwnedPartition partition, Outcome outcome, String text) {
        return new PartitionReport(partition.number(), outcome, text, null, null, null);
    }
}
