package io.tally.page;

import io.tally.pipeline.status.LaneStatus;
import io.tally.pipeline.status.OpenWindows;
import io.tally.pipeline.status.PartitionStatus;
import io.tally.pipeline.status.PipelineStatus;
import io.tally.pipeline.status.SourceReport;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How far the source partitions are, as a merge knows it. Each of its partitions has reports of its own, which count
 * for its own windows. Of each source partition, the page shows the report that holds windows open longest.
 */
final class SourceViews {
    /** As many lanes as the picture has for partitions. */
    static final int MOST = 24;

    /** If there are more, how many have a lane each; the others share one. */
    static final int SHOWN_OF_MANY = 16;

    private static final Comparator<SourceReport> SLOWEST_FIRST = Comparator.comparing(SourceReport::isIdle)
            .thenComparing(SourceReport::watermark, Comparator.nullsFirst(Comparator.naturalOrder()))
            .thenComparing(SourceReport::partition);

    private SourceViews() {}

    /** Null if no partition has a report, as in a pipeline that is no merge. */
    static PageView.@Nullable Sources of(PipelineStatus status) {
        Map<Integer, SourceReport> known = new LinkedHashMap<>();
        for (LaneStatus lane : status.lanes()) {
            for (PartitionStatus partition : lane.partitions()) {
                OpenWindows open = partition.open();
                if (open != null) {
                    open.sources()
                            .forEach(report -> known.merge(
                                    report.partition(), report, (a, b) -> SLOWEST_FIRST.compare(a, b) <= 0 ? a : b));
                }
            }
        }
        if (known.isEmpty()) {
            return null;
        }
        List<SourceReport> all = known.values().stream().sorted(SLOWEST_FIRST).toList();
        int shown = all.size() <= MOST ? all.size() : SHOWN_OF_MANY;
        List<SourceReport> others = all.subList(shown, all.size());
        List<Long> times = others.stream()
                .map(SourceReport::watermark)
                .filter(Objects::nonNull)
                .sorted()
                .toList();
        return new PageView.Sources(
                all.subList(0, shown).stream().map(SourceViews::view).toList(),
                others.size(),
                (int) others.stream().filter(SourceReport::isIdle).count(),
                times.isEmpty() ? null : times.get(0),
                times.isEmpty() ? null : times.get(times.size() - 1));
    }

    private static PageView.Source view(SourceReport report) {
        return new PageView.Source(
                report.partition(),
                PipelineViews.time(report.watermark()),
                report.offset(),
                report.since(),
                report.isIdle());
    }
}
