package io.tally.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.tally.pipeline.status.OpenWindows;
import io.tally.pipeline.status.PartitionStatus;
import io.tally.pipeline.status.SlowestSource;
import io.tally.pipeline.status.SourceReport;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SourceViewsTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    /** Each partition of a merge waits by itself, and the page shows what holds any of them. */
    @Test
    void showsOfEachSourcePartitionWhatIsFurthestBack() {
        PageView.Sources sources = of(
                List.of(report(0, 500L, false), report(1, 100L, true), report(2, 300L, false)),
                List.of(report(0, 400L, false), report(1, 200L, false), report(2, null, false)));

        assertThat(sources.slowest())
                .extracting(PageView.Source::partition, PageView.Source::watermark, PageView.Source::isIdle)
                .containsExactly(tuple(2, null, false), tuple(1, 200L, false), tuple(0, 400L, false));
        assertThat(sources.more()).isZero();
        assertThat(sources.minWatermark()).isNull();
    }

    @Test
    void groupsThoseThatHaveNoLane() {
        PageView.Sources sources = of(IntStream.range(0, 200)
                .mapToObj(i -> report(i, 1_000L + i, i >= 195))
                .toList());

        assertThat(sources.slowest())
                .extracting(PageView.Source::partition)
                .containsExactlyElementsOf(
                        IntStream.range(0, SourceViews.SHOWN_OF_MANY).boxed().toList());
        assertThat(sources.more()).isEqualTo(184);
        assertThat(sources.idle()).isEqualTo(5);
        assertThat(sources.minWatermark()).isEqualTo(1_016);
        assertThat(sources.maxWatermark()).isEqualTo(1_199);
    }

    @Test
    void hasNoneWhereNobodyIsToldOfAny() {
        assertThat(SourceViews.of(Statuses.running("p", NOW, List.of(Statuses.active(0, 10_000, NOW)))))
                .isNull();
        assertThat(SourceViews.of(Statuses.running("p", NOW, List.of(Statuses.fresh(0)))))
                .isNull();
    }

    /** A watermark of one that reports, but has not begun, is none. */
    @Test
    void showsNoTimeBeforeTheFirstRecord() {
        assertThat(of(List.of(report(0, Long.MIN_VALUE, false))).slowest())
                .singleElement()
                .satisfies(source -> assertThat(source.watermark()).isNull());
    }

    @SafeVarargs
    private static PageView.Sources of(List<SourceReport>... partitions) {
        List<PartitionStatus> all = IntStream.range(0, partitions.length)
                .mapToObj(i -> Statuses.active(
                        i,
                        10_000,
                        NOW,
                        new SlowestSource(0, null, null, null),
                        new OpenWindows(OpenWindows.Shape.WINDOWS, List.of(), 0, true, partitions[i])))
                .toList();
        return Objects.requireNonNull(SourceViews.of(Statuses.running("p.merge", NOW, all)));
    }

    private static SourceReport report(int partition, Long watermark, boolean isIdle) {
        return watermark == null
                ? new SourceReport(partition, null, null, null, false)
                : new SourceReport(partition, watermark, 7L, NOW.toEpochMilli(), isIdle);
    }
}
