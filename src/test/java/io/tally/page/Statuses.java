package io.tally.page;

import io.tally.checkpoint.CommitMetadata;
import io.tally.checkpoint.Fingerprint;
import io.tally.checkpoint.Ledger;
import io.tally.pipeline.status.LaneStatus;
import io.tally.pipeline.status.OpenWindows;
import io.tally.pipeline.status.PartitionPhase;
import io.tally.pipeline.status.PartitionSnapshot;
import io.tally.pipeline.status.PartitionStatus;
import io.tally.pipeline.status.PipelineStatus;
import io.tally.pipeline.status.Refusal;
import io.tally.pipeline.status.RestoreProgress;
import io.tally.pipeline.status.SlowestSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Pipelines as they may look at a moment. */
final class Statuses {
    static final Duration GRACE = Duration.ofSeconds(5);
    static final long SIZE = 10_000;
    static final Refusal REFUSAL = new Refusal("12 entries are missing in the state topic.", "restore the topic");

    private Statuses() {}

    static PipelineStatus running(String name, Instant now, List<PartitionStatus> partitions) {
        return pipeline(name, PipelineStatus.Phase.RUNNING, null, now, partitions);
    }

    /** As an operator has it since a moment. */
    static PipelineStatus paused(String name, Instant now, Instant since, List<PartitionStatus> partitions) {
        return pipeline(name, PipelineStatus.Phase.RUNNING, null, now, since, partitions);
    }

    static PipelineStatus waiting(String name, Instant now, String problem) {
        return pipeline(name, PipelineStatus.Phase.WAITING, problem, now, List.of());
    }

    private static PipelineStatus pipeline(
            String name,
            PipelineStatus.Phase phase,
            @Nullable String problem,
            Instant now,
            List<PartitionStatus> partitions) {
        return pipeline(name, phase, problem, now, null, partitions);
    }

    private static PipelineStatus pipeline(
            String name,
            PipelineStatus.Phase phase,
            @Nullable String problem,
            Instant now,
            @Nullable Instant pausedSince,
            List<PartitionStatus> partitions) {
        LaneStatus lane = new LaneStatus(0, true, false, "id", null, now, now, null, 1, 0, 0, partitions);
        return new PipelineStatus(
                name,
                phase,
                problem,
                true,
                now,
                "requests",
                "counts",
                "tally-" + name,
                GRACE,
                Long.MAX_VALUE,
                List.of(),
                pausedSince,
                List.of(lane));
    }

    static PartitionStatus active(int partition, long highest, Instant since) {
        return active(partition, highest, since, null);
    }

    /**
     * With windows of {@link #SIZE} open, as records up to the highest event time leave them.
     *
     * @param slowest makes it one of a shuffle topic
     */
    static PartitionStatus active(int partition, long highest, Instant since, @Nullable SlowestSource slowest) {
        return active(partition, highest, since, slowest, open(highest));
    }

    /** Tumbling windows of {@link #SIZE} that are open, of 20 keys each. */
    static OpenWindows open(long highest) {
        long watermark = highest - GRACE.toMillis();
        List<OpenWindows.Span> spans = new ArrayList<>();
        for (long start = watermark - Math.floorMod(watermark, SIZE); start <= highest; start += SIZE) {
            spans.add(new OpenWindows.Span(start, start + SIZE, 20));
        }
        return new OpenWindows(OpenWindows.Shape.WINDOWS, spans, 0, true);
    }

    /** As above, with other windows. */
    static PartitionStatus active(
            int partition, long highest, Instant since, @Nullable SlowestSource slowest, @Nullable OpenWindows open) {
        long watermark = highest - GRACE.toMillis();
        long oldest = watermark - Math.floorMod(watermark, SIZE);
        int windows = (int) ((highest - oldest) / SIZE) + 1;
        long offset = highest / 100 % 1_000_000;
        PartitionSnapshot snapshot = new PartitionSnapshot(
                offset,
                new CommitMetadata(
                        offset,
                        watermark,
                        offset,
                        null,
                        0,
                        new Ledger(offset, 0, 0, 0),
                        0,
                        0,
                        new Fingerprint("aaaaaaaa", "bbbbbbbb"),
                        "id"),
                windows,
                20L * windows,
                4_096L * windows,
                1 << 28,
                oldest,
                null,
                0,
                slowest != null,
                slowest);
        return new PartitionStatus(
                partition, PartitionPhase.ACTIVE, null, null, null, snapshot, null, since, null, open);
    }

    static PartitionStatus restoring(int partition, String progress) {
        return new PartitionStatus(
                partition, PartitionPhase.RESTORING, null, null, new RestoreProgress(progress), null, null, null, null);
    }

    static PartitionStatus refused(int partition, Refusal refusal) {
        return new PartitionStatus(partition, PartitionPhase.REFUSED, refusal, null, null, null, null, null, null);
    }

    /** It has no committed record yet. */
    static PartitionStatus fresh(int partition) {
        return new PartitionStatus(partition, PartitionPhase.ACTIVE, null, null, null, null, null, null, null);
    }
}
