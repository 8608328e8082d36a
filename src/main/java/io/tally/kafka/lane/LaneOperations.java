package io.tally.kafka.lane;

import io.tally.checkpoint.CommitMetadata;
import io.tally.kafka.member.Delivery;
import io.tally.kafka.member.LanePartitions;
import io.tally.kafka.member.OwnedPartition;
import io.tally.pipeline.control.Outcome;
import io.tally.pipeline.control.PartitionReport;
import io.tally.pipeline.status.PartitionSnapshot;
import java.util.Comparator;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;

/** What a lane does at an operator's request, between two transactions. Confined to the consumer thread. */
final class LaneOperations {
    private final LanePartitions partitions;
    private final Delivery delivery;
    private final OwnTransactions own;

    LaneOperations(LanePartitions partitions, Delivery delivery, OwnTransactions own) {
        this.partitions = partitions;
        this.delivery = delivery;
        this.own = own;
    }

    /** Holds what is to be held, or lets it go on. All that was taken before is committed by now. */
    List<PartitionReport> hold(Consumer<?, ?> consumer) {
        delivery.hold(consumer);
        return reports(Outcome.DONE);
    }

    /** Writes all that is dirty. */
    List<PartitionReport> checkpoint(Consumer<?, ?> consumer) {
        own.checkpoint(consumer, partitions.all());
        return reports(Outcome.REFUSED);
    }

    /** @param inactive what to say of partitions that are not worked on */
    private List<PartitionReport> reports(Outcome inactive) {
        return partitions.all().stream()
                .sorted(Comparator.comparingInt(OwnedPartition::number))
                .map(partition -> report(partition, inactive))
                .toList();
    }

    private static PartitionReport report(OwnedPartition partition, Outcome inactive) {
        PartitionSnapshot committed = partition.committed();
        if (!partition.isActive() || committed == null) {
            String text = "it is not worked on, since it is being restored or is refused";
            return new PartitionReport(partition.number(), inactive, text, null, null, null);
        }
        CommitMetadata metadata = committed.metadata();
        Long watermark = metadata.watermark() == Long.MIN_VALUE ? null : (Long) metadata.watermark();
        return new PartitionReport(
                partition.number(), Outcome.DONE, null, committed.offset(), metadata.recoveryOffset(), watermark);
    }
}
