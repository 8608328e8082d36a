package io.tally.observe;

import io.tally.checkpoint.CommitMetadata;
import io.tally.checkpoint.Ledger;
import io.tally.pipeline.status.LaneStatus;
import io.tally.pipeline.status.PartitionPhase;
import io.tally.pipeline.status.PartitionSnapshot;
import io.tally.pipeline.status.PartitionStatus;
import io.tally.pipeline.status.PipelineStatus;
import io.tally.pipeline.status.Refusal;
import io.tally.pipeline.status.SlowestSource;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A pipeline as the endpoint shows it. The JSON has the fields' names and order.
 *
 * @param problem why it does not work, null when it does
 * @param pausedSince since when an operator has paused it here; null as a rule
 * @param partitions the partitions that this instance owns, by number
 */
record PipelineDescription(
        String name,
        PipelineStatus.Phase phase,
        @Nullable String problem,
        @Nullable Instant pausedSince,
        String source,
        String sink,
        String group,
        List<Lane> lanes,
        List<Partition> partitions) {

    /** A consumer thread with its producer. */
    record Lane(
            int lane,
            boolean running,
            @Nullable String problem,
            String transactionalId,
            @Nullable Instant lastCommit,
            long commits,
            long aborts,
            long fencedPredecessors) {}

    /**
     * A source partition.
     *
     * @param restore what a restore is doing at the moment, or why it fails
     * @param committed as of the last commit, null before the first and while restoring
     * @param uncounted that hardly any of its latest records is counted, and why; null as a rule
     */
    record Partition(
            int partition,
            int lane,
            PartitionPhase phase,
            @Nullable Refusal refusal,
            @Nullable String restore,
            @Nullable Committed committed,
            @Nullable String uncounted) {}

    /**
     * What is committed for a partition.
     *
     * @param recoveryOffset where a replay would begin
     * @param watermark highest event time less the grace, null before the first record
     * @param missingValues values that the counted records lack, so that functions passed over them
     * @param openBytes bytes of heap that its open windows take
     * @param maxOpenBytes bytes of heap that the open windows of all the pipeline's partitions in this process may take
     *     together
     * @param closing the windows that are closing, if that takes several transactions; usually null
     * @param waitsFor what holds windows open; null if none is open
     * @param storedRecords live records in the state topic: entries, watermarks of a merge's sources, emissions of
     *     updates
     */
    record Committed(
            long offset,
            long recoveryOffset,
            long birthOffset,
            @Nullable Instant watermark,
            Counts ledger,
            long missingValues,
            int openWindows,
            long openEntries,
            long openBytes,
            long maxOpenBytes,
            @Nullable Instant oldestWindow,
            @Nullable Backlog closing,
            @Nullable WaitsFor waitsFor,
            long storedRecords) {}

    /**
     * Windows that are closing with more rows than one transaction takes. No record of the partition is read before all
     * rows have left.
     *
     * @param upTo where the watermark is going: windows that end until then close
     * @param windowsToClose number of these windows; of slices where {@code openWindows} counts slices; of totals if
     *     they have a ttl
     * @param rowsLeft how many rows have left of the window that closes next
     */
    record Backlog(Instant upTo, int windowsToClose, int rowsLeft) {}

    /**
     * The source partition whose watermark holds windows open: this one, or the slowest one behind a shuffle. If it has
     * not reported yet (no record of it was counted, and it is not idle), everything but its number is null.
     *
     * @param offset its next source offset
     * @param since since when it has reported nothing newer
     */
    record WaitsFor(
            int sourcePartition,
            @Nullable Instant watermark,
            @Nullable Long offset,
            @Nullable Instant since) {}

    /**
     * The ledger: birth offset + all of these, without further events, = committed offset.
     *
     * @param furtherEvents how many of the events before are not the first of their record; null if records are not
     *     split
     * @param controlMarkers offsets without a record: transaction markers, aborted records, and what compaction
     *     removed; null in a merge, whose ledger counts records of the source
     */
    record Counts(
            long counted,
            long late,
            long deadLettered,
            long filtered,
            @Nullable Long furtherEvents,
            @Nullable Long controlMarkers) {}

    static PipelineDescription of(PipelineStatus status) {
        return new PipelineDescription(
                status.name(),
                status.phase(),
                status.problem(),
                status.pausedSince(),
                status.sourceTopic(),
                status.sinkTopic(),
                status.groupId(),
                status.lanes().stream().map(PipelineDescription::lane).toList(),
                status.lanes().stream()
                        .flatMap(lane -> lane.partitions().stream().map(partition -> partition(lane.lane(), partition)))
                        .sorted(Comparator.comparingInt(Partition::partition))
                        .toList());
    }

    private static Lane lane(LaneStatus lane) {
        return new Lane(
                lane.lane(),
                lane.running(),
                lane.problem(),
                lane.transactionalId(),
                lane.lastCommit(),
                lane.commits(),
                lane.aborts(),
                lane.fencings());
    }

    private static Partition partition(int lane, PartitionStatus status) {
        PartitionSnapshot committed = status.committed();
        return new Partition(
                status.partition(),
                lane,
                status.phase(),
                status.refusal(),
                status.problem() == null ? status.progress() : status.problem(),
                committed == null ? null : committed(status, committed),
                status.uncounted() == null ? null : status.uncounted().text());
    }

    private static Committed committed(PartitionStatus status, PartitionSnapshot snapshot) {
        CommitMetadata metadata = snapshot.metadata();
        Ledger ledger = metadata.ledger();
        return new Committed(
                snapshot.offset(),
                metadata.recoveryOffset(),
                metadata.birthOffset(),
                time(metadata.watermark()),
                new Counts(
                        ledger.folded(),
                        ledger.late(),
                        ledger.deadLettered(),
                        ledger.filtered(),
                        ledger.further() == 0 ? null : (Long) ledger.further(),
                        snapshot.isMerge() ? null : snapshot.controlMarkers()),
                ledger.missing(),
                snapshot.openWindows(),
                snapshot.openEntries(),
                snapshot.openBytes(),
                snapshot.maxOpenBytes(),
                snapshot.oldestWindow() == Long.MAX_VALUE ? null : Instant.ofEpochMilli(snapshot.oldestWindow()),
                closing(snapshot),
                snapshot.openWindows() == 0 ? null : waitsFor(status, snapshot),
                metadata.storedEntries());
    }

    private static @Nullable Backlog closing(PartitionSnapshot snapshot) {
        Long target = snapshot.target();
        return target == null
                ? null
                : new Backlog(
                        Instant.ofEpochMilli(target),
                        snapshot.windowsToClose(),
                        snapshot.metadata().rowsLeft());
    }

    private static @Nullable WaitsFor waitsFor(PartitionStatus status, PartitionSnapshot snapshot) {
        if (!snapshot.isMerge()) {
            return new WaitsFor(
                    status.partition(),
                    time(snapshot.metadata().watermark()),
                    snapshot.offset(),
                    status.watermarkSince());
        }
        SlowestSource slowest = snapshot.slowestSource();
        return slowest == null
                ? null
                : new WaitsFor(slowest.partition(), time(slowest.watermark()), slowest.offset(), time(slowest.since()));
    }

    private static @Nullable Instant time(@Nullable Long epochMillis) {
        return epochMillis == null || epochMillis == Long.MIN_VALUE ? null : Instant.ofEpochMilli(epochMillis);
    }
}
