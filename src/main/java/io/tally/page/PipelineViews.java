package io.tally.page;

import io.tally.pipeline.status.HealthRules;
import io.tally.pipeline.status.LaneStatus;
import io.tally.pipeline.status.OpenWindows;
import io.tally.pipeline.status.PartitionPhase;
import io.tally.pipeline.status.PartitionSnapshot;
import io.tally.pipeline.status.PartitionStatus;
import io.tally.pipeline.status.PipelineStatus;
import io.tally.pipeline.status.SlowestSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes what the page shows of a pipeline's status. */
final class PipelineViews {
    /** More would be more than the page can show, and a load on slow connections. */
    static final int MOST_PARTITIONS = 200;

    static final int MOST_PROBLEMS = 5;
    /** For how many partitions open windows are shown one by one; somewhat more than the page has lanes. */
    static final int MOST_DETAILED = 32;

    private static final Comparator<PageView.Partition> FURTHEST_BACK = Comparator.comparing(
                    (PageView.Partition partition) -> partition.phase() == PartitionPhase.ACTIVE)
            .thenComparing(PageView.Partition::watermark, Comparator.nullsLast(Comparator.naturalOrder()));

    private PipelineViews() {}

    /**
     * With what has happened since the last call.
     *
     * @param seconds how long that is
     */
    static PageView.Pipeline of(PipelineStatus status, PageEvents events, double seconds, Instant now) {
        Counts.Taken taken = events.counts(status.name()).take();
        List<PageView.Partition> all = new ArrayList<>();
        int windows = 0;
        long entries = 0;
        long bytes = 0;
        long maxBytes = 0;
        boolean isMerge = false;
        Long behind = null;
        for (LaneStatus lane : status.lanes()) {
            for (PartitionStatus partition : lane.partitions()) {
                PageView.Partition view = partition(lane.lane(), partition);
                all.add(view);
                windows += view.windows();
                entries += view.entries();
                bytes += view.bytes();
                behind = least(behind, view.watermark());
                PartitionSnapshot snapshot = partition.committed();
                if (snapshot != null) {
                    maxBytes = snapshot.maxOpenBytes();
                    isMerge = snapshot.isMerge();
                }
            }
        }
        List<String> problems = HealthRules.problems(status, now, events::shown);
        List<String> restoring = HealthRules.restoring(status);
        long grace = status.grace().toMillis();
        List<PageView.Partition> shown = shown(all);
        return new PageView.Pipeline(
                status.name(),
                state(problems, restoring, status.pausedSince()),
                problems.stream().limit(MOST_PROBLEMS).toList(),
                Math.max(0, problems.size() - MOST_PROBLEMS),
                restoring.stream().limit(MOST_PROBLEMS).toList(),
                millis(status.pausedSince()),
                status.sourceTopic(),
                status.sinkTopic(),
                status.groupId(),
                grace,
                isMerge,
                new Second(
                        taken.records() / seconds,
                        taken.rows() / seconds,
                        taken.late() / seconds,
                        taken.deadLetters() / seconds,
                        behind == null ? null : (now.toEpochMilli() - behind - grace) / 1000.0,
                        millis(taken.slowestCommit()),
                        entries,
                        bytes),
                windows,
                maxBytes,
                shown,
                rest(all, shown),
                SourceViews.of(status));
    }

    private static PageView.State state(List<String> problems, List<String> restoring, @Nullable Instant paused) {
        if (!problems.isEmpty()) {
            return PageView.State.PROBLEM;
        }
        if (!restoring.isEmpty()) {
            return PageView.State.RESTORING;
        }
        return paused == null ? PageView.State.WELL : PageView.State.PAUSED;
    }

    private static @Nullable Long millis(@Nullable Instant time) {
        return time == null ? null : (Long) time.toEpochMilli();
    }

    private static @Nullable Double millis(@Nullable Duration duration) {
        return duration == null ? null : duration.toNanos() / 1e6;
    }

    private static List<PageView.Partition> shown(List<PageView.Partition> all) {
        List<PageView.Partition> furthestBack =
                all.stream().sorted(FURTHEST_BACK).limit(MOST_PARTITIONS).toList();
        return Stream.concat(
                        furthestBack.stream().limit(MOST_DETAILED),
                        furthestBack.stream().skip(MOST_DETAILED).map(PageView.Partition::withoutOpen))
                .sorted(Comparator.comparingInt(PageView.Partition::partition))
                .toList();
    }

    private static PageView.@Nullable Rest rest(List<PageView.Partition> all, List<PageView.Partition> shown) {
        if (all.size() == shown.size()) {
            return null;
        }
        Long min = null;
        Long max = null;
        int windows = 0;
        long entries = 0;
        for (PageView.Partition partition :
                all.stream().sorted(FURTHEST_BACK).skip(MOST_PARTITIONS).toList()) {
            min = least(min, partition.watermark());
            Long watermark = partition.watermark();
            max = watermark == null || (max != null && max >= watermark) ? max : watermark;
            windows += partition.windows();
            entries += partition.entries();
        }
        return new PageView.Rest(all.size() - shown.size(), min, max, windows, entries);
    }

    private static @Nullable Long least(@Nullable Long a, @Nullable Long b) {
        return a == null ? b : b == null ? a : (Long) Math.min(a, b);
    }

    private static PageView.Partition partition(int lane, PartitionStatus status) {
        PartitionSnapshot committed = status.committed();
        String note = status.problem() == null ? status.progress() : status.problem();
        if (committed == null) {
            return new PageView.Partition(
                    status.partition(), lane, status.phase(), note, null, null, null, 0, 0, 0, null, null, null, null);
        }
        Instant since = status.watermarkSince();
        OpenWindows open = status.open();
        long oldest = committed.oldestWindow();
        return new PageView.Partition(
                status.partition(),
                lane,
                status.phase(),
                note,
                committed.offset(),
                time(committed.metadata().watermark()),
                oldest == Long.MAX_VALUE || oldest == Long.MIN_VALUE ? null : (Long) oldest,
                committed.openWindows(),
                committed.openEntries(),
                committed.openBytes(),
                millis(since),
                committed.target(),
                // The pipeline has them, for all its partitions.
                open == null ? null : open.withoutSources(),
                source(committed.slowestSource()));
    }

    private static PageView.@Nullable Source source(@Nullable SlowestSource slowest) {
        return slowest == null
                ? null
                : new PageView.Source(
                        slowest.partition(), time(slowest.watermark()), slowest.offset(), slowest.since(), false);
    }

    /** A watermark that has not begun is none. */
    static @Nullable Long time(@Nullable Long epochMillis) {
        return epochMillis == null || epochMillis == Long.MIN_VALUE ? null : epochMillis;
    }
}
