package io.tally.observe;

import io.tally.checkpoint.CommitMetadata;
import io.tally.checkpoint.Fingerprint;
import io.tally.checkpoint.Ledger;
import io.tally.pipeline.status.LaneStatus;
import io.tally.pipeline.status.PartitionPhase;
import io.tally.pipeline.status.PartitionSnapshot;
import io.tally.pipeline.status.PartitionStatus;
import io.tally.pipeline.status.PipelineStatus;
import io.tally.pipeline.status.Refusal;
import io.tally.pipeline.status.RestoreProgress;
import io.tally.pipeline.status.SlowestSource;
import io.tally.pipeline.status.Uncounted;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Pipelines as they may look. */
final class Views {
    static final Instant NOW = Instant.parse("2026-01-01T00:10:00Z");
    static final Refusal REFUSAL = new Refusal("entries are missing", "restore the topic");

    private Views() {}

    static PipelineStatus pipeline(LaneStatus... lanes) {
        return pipeline(PipelineStatus.Phase.RUNNING, null, true, NOW, lanes);
    }

    static PipelineStatus waiting(String problem) {
        return pipeline(PipelineStatus.Phase.WAITING, problem, true, NOW);
    }

    static PipelineStatus pipeline(
            PipelineStatus.Phase phase,
            @Nullable String problem,
            boolean watched,
            Instant lastLook,
            LaneStatus... lanes) {
        return pipeline(phase, problem, watched, lastLook, List.of(), null, lanes);
    }

    private static PipelineStatus pipeline(
            PipelineStatus.Phase phase,
            @Nullable String problem,
            boolean watched,
            Instant lastLook,
            List<String> findings,
            @Nullable Instant pausedSince,
            LaneStatus... lanes) {
        return new PipelineStatus(
                "visits",
                phase,
                problem,
                watched,
                lastLook,
                "requests",
                "counts",
                "tally-visits",
                Duration.ofSeconds(5),
                1_000,
                findings,
                pausedSince,
                List.of(lanes));
    }

    /** Takes no records, as an operator wants. */
    static PipelineStatus paused(LaneStatus... lanes) {
        return pipeline(PipelineStatus.Phase.RUNNING, null, true, NOW, List.of(), NOW.minusSeconds(60), lanes);
    }

    /** Has a key in two partitions, which stops nothing. */
    static PipelineStatus spread(LaneStatus... lanes) {
        return pipeline(
                PipelineStatus.Phase.RUNNING,
                null,
                true,
                NOW,
                List.of("the key of requests-1@1 came in partitions [0, 1]"),
                null,
                lanes);
    }

    static LaneStatus lane(PartitionStatus... partitions) {
        return lane(true, false, null, NOW, partitions);
    }

    static LaneStatus lane(
            boolean running, boolean ended, @Nullable String problem, Instant lastPoll, PartitionStatus... partitions) {
        return new LaneStatus(
                0, running, ended, "tally-visits-a-0", problem, NOW, lastPoll, null, 7, 2, 1, List.of(partitions));
    }

    /** Its transaction began then. */
    static LaneStatus inTransaction(Instant since) {
        return new LaneStatus(0, true, false, "tally-visits-a-0", null, NOW, NOW, since, 7, 2, 1, List.of());
    }

    static PartitionStatus active(int partition) {
        return active(partition, snapshot(100, 5_000));
    }

    static PartitionStatus active(int partition, PartitionSnapshot committed) {
        return new PartitionStatus(partition, PartitionPhase.ACTIVE, null, null, null, committed, null, NOW, NOW);
    }

    /** Counts hardly any record. */
    static PartitionStatus uncounted(int partition, boolean severe) {
        return new PartitionStatus(
                partition,
                PartitionPhase.ACTIVE,
                null,
                null,
                null,
                snapshot(100, 5_000),
                new Uncounted(severe, "nearly all are late"),
                NOW,
                NOW);
    }

    static PartitionStatus restoring(int partition) {
        return restoring(partition, null);
    }

    static PartitionStatus restoring(int partition, @Nullable String problem) {
        return new PartitionStatus(
                partition,
                PartitionPhase.RESTORING,
                null,
                problem,
                new RestoreProgress("replaying the source", 7, 9),
                null,
                null,
                null,
                null);
    }

    static PartitionStatus refused(int partition) {
        return new PartitionStatus(partition, PartitionPhase.REFUSED, REFUSAL, null, null, null, null, null, null);
    }

    /** Of a shuffle topic, held back by a source partition. */
    static PartitionStatus merging(int partition, SlowestSource slowest) {
        return new PartitionStatus(
                partition,
                PartitionPhase.ACTIVE,
                null,
                null,
                null,
                snapshot(100, 5_000, true, slowest),
                null,
                NOW,
                NOW);
    }

    static PartitionSnapshot snapshot(long offset, long watermark) {
        return snapshot(offset, watermark, false, null);
    }

    /** Rows of closing windows leave in several transactions. */
    static PartitionStatus closing(int partition) {
        return new PartitionStatus(
                partition,
                PartitionPhase.ACTIVE,
                null,
                null,
                null,
                closing(100, 5_000, 90_000L, 1_234),
                null,
                NOW,
                NOW);
    }

    private static PartitionSnapshot snapshot(
            long offset, long watermark, boolean isMerge, @Nullable SlowestSource slowest) {
        return snapshot(offset, watermark, null, 0, isMerge, slowest);
    }

    static PartitionSnapshot closing(long offset, long watermark, long target, int rowsLeft) {
        return snapshot(offset, watermark, target, rowsLeft, false, null);
    }

    private static PartitionSnapshot snapshot(
            long offset,
            long watermark,
            @Nullable Long target,
            int rowsLeft,
            boolean isMerge,
            @Nullable SlowestSource slowest) {
        return new PartitionSnapshot(
                offset,
                new CommitMetadata(
                        offset,
                        null,
                        watermark,
                        offset - 30,
                        rowsLeft,
                        null,
                        null,
                        10,
                        new Ledger(60, 5, 4, 3, 8),
                        2,
                        17,
                        new Fingerprint("aaaaaaaa", "bbbbbbbb"),
                        "tally-visits-a-0"),
                2,
                40,
                3_000,
                64_000_000,
                5_000,
                target,
                target == null ? 0 : 2,
                isMerge,
                slowest);
    }
}
