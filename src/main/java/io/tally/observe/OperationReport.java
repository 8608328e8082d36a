package io.tally.observe;

import io.tally.pipeline.control.LaneReport;
import io.tally.pipeline.control.Outcome;
import io.tally.pipeline.control.PartitionReport;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of an operation, as the endpoint shows it. The JSON has the fields' names and order.
 *
 * @param outcome of all lanes together: what needs an operator most
 * @param text what else there is to know; null as a rule
 * @param pausedSince since when the pipeline takes no records here; null if it does
 * @param lanes what each lane answered; empty if none runs
 */
record OperationReport(
        String pipeline,
        String operation,
        Outcome outcome,
        @Nullable String text,
        @Nullable Instant pausedSince,
        List<Lane> lanes) {

    record Lane(int lane, Outcome outcome, @Nullable String text, List<Partition> partitions) {}

    /**
     * A partition of the lane.
     *
     * @param offset committed offset; this and the rest null if the partition is not worked on
     */
    record Partition(
            int partition,
            Outcome outcome,
            @Nullable String text,
            @Nullable Long offset,
            @Nullable Long recoveryOffset,
            @Nullable Instant watermark) {}

    static OperationReport of(
            String pipeline,
            String operation,
            @Nullable String text,
            @Nullable Instant pausedSince,
            List<LaneReport> lanes) {
        Outcome worst =
                lanes.stream().map(LaneReport::outcome).max(Enum::compareTo).orElse(Outcome.DONE);
        return new OperationReport(
                pipeline,
                operation,
                worst,
                text,
                pausedSince,
                lanes.stream().map(OperationReport::lane).toList());
    }

    private static Lane lane(LaneReport lane) {
        return new Lane(
                lane.lane(),
                lane.outcome(),
                lane.text(),
                lane.partitions().stream().map(OperationReport::partition).toList());
    }

    private static Partition partition(PartitionReport partition) {
        Long watermark = partition.watermark();
        return new Partition(
                partition.partition(),
                partition.outcome(),
                partition.text(),
                partition.offset(),
                partition.recoveryOffset(),
                watermark == null ? null : Instant.ofEpochMilli(watermark));
    }
}
