package io.tally.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tally.pipeline.status.OpenWindows;
import io.tally.pipeline.status.OpenWindows.Shape;
import io.tally.pipeline.status.PartitionStatus;
import io.tally.pipeline.status.PipelineStatus;
import io.tally.pipeline.status.SlowestSource;
import io.tally.pipeline.status.SourceReport;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;

/** Event time as a picture, in a real browser. What the browser showed is in {@code target/page}. */
@Timeout(300)
class PicturePageIT {
    @RegisterExtension
    static final LivePage page = new LivePage();

    @Test
    void showsWindowsClose() throws Exception {
        page.serveBusy("visits");
        page.open(LivePage.DESKTOP);

        await("each window by itself").until(() -> page.boxes("visits", "2") == 2);
        await("a window that has just closed, with its keys")
                .until(() -> page.browser.count(".picture .box.ghost") > 0);
        page.browser.shot("closed");
        page.browser.assertNoErrors();
    }

    @Test
    void showsEachKindOfWindow() throws Exception {
        Map<String, Function<Long, OpenWindows>> kinds = new LinkedHashMap<>();
        kinds.put("slices", now -> spans(Shape.SLICES, now - 40_000, 5_000, 5_000, 8, 0, true));
        kinds.put("overlapping", now -> spans(Shape.WINDOWS, now - 40_000, 10_000, 30_000, 5, 0, true));
        kinds.put("more", now -> spans(Shape.WINDOWS, now - 4_000, 1_000, 1_000, 3, 77, true));
        kinds.put("sessions", now -> spans(Shape.SESSIONS, now, 2_000, 2_000, 4, 0, false));
        kinds.put("totals", now -> new OpenWindows(Shape.TOTALS, List.of(), 0, true));
        SlowestSource slowest = new SlowestSource(1, Instant.now().toEpochMilli() - 30_000, 4_711L, 0L);
        page.serve(() -> {
            // Which windows are open, and how many, must not depend on when the test looks.
            long tenSeconds = Math.floorDiv(Instant.now().toEpochMilli(), 10_000) * 10_000;
            Instant now = Instant.ofEpochMilli(tenSeconds + 2_000);
            List<PipelineStatus> all = new ArrayList<>();
            kinds.forEach((name, open) -> all.add(Statuses.running(name, now, List.of(active(0, now, null, open)))));
            Function<Long, OpenWindows> none = any -> new OpenWindows(Shape.NONE, List.of(), 0, true);
            all.add(Statuses.running(
                    "shuffled",
                    now,
                    List.of(active(0, now.minusSeconds(50), null, none), active(1, now.minusSeconds(30), null, none))));
            all.add(Statuses.running(
                    "shuffled.merge", now, List.of(active(0, now.minusSeconds(30), slowest, Statuses::open))));
            return all;
        });
        for (Dimension size : List.of(LivePage.DESKTOP, LivePage.PHONE)) {
            page.open(size);
            page.browser.awaitText("picture-slices", "(?s).*slices.*");
            assertThat(page.boxes("slices", "0")).isEqualTo(8);
            assertThat(page.browser.text("legend-slices")).contains("when the last of them closes");
            // One has closed since it was looked at.
            assertThat(page.boxes("overlapping", "0")).isEqualTo(4);
            assertThat(page.boxes("more", "0")).isEqualTo(4);
            assertThat(page.browser.text("picture-more")).contains("77 more");
            assertThat(page.browser.text("picture-sessions")).contains("about 20 keys", "sessions");
            assertThat(page.browser.text("legend-sessions")).contains("if nothing more comes");
            assertThat(page.boxes("totals", "0")).isZero();
            assertThat(page.browser.text("picture-totals")).contains("totals");
            // Partition 0 is idle: it is further back, and nothing waits for it.
            assertThat(page.browser.attribute("picture-shuffled", ".holder", "data-partition"))
                    .isEqualTo("1");
            assertThat(page.browser.text("held-shuffled")).contains("the merge wait for partition 1");
            assertThat(page.browser.text("held-shuffled.merge")).contains("source partition 1", "offset 4,711");
            page.browser.wholeShot("kinds-" + size.width);
        }
        page.browser.assertNoErrors();
    }

    @Test
    void isReadableWithTwoHundredPartitions() throws Exception {
        page.serve(() -> {
            Instant now = Instant.now();
            List<PartitionStatus> many = new ArrayList<>();
            for (int partition = 0; partition < 200; partition++) {
                long behind = partition == 77 ? 7_200_000 : partition * 37 % 200 * 100;
                many.add(Statuses.active(partition, now.toEpochMilli() - behind, now.minusSeconds(partition)));
            }
            return List.of(Statuses.running("many", now, many));
        });
        for (Dimension size : List.of(LivePage.DESKTOP, LivePage.PHONE)) {
            page.open(size);
            page.browser.awaitText("state-many", "(?s).*200 partitions.*");
            assertThat(page.lanes("many")).isEqualTo(16);
            assertThat(page.browser.text("picture-many")).contains("184 more", "77", "before");
            assertThat(page.browser.text("held-many")).contains("partition 77");
            page.browser.shot("many-" + size.width);
        }
        page.browser.press(Browser.byId("table-many") + " summary", Keys.ENTER);
        await("the table").until(() -> page.browser.count("table-many", "tbody tr") == 200);
        page.browser.assertNoErrors();
    }

    /** A merge also has a lane per source partition, the slowest first; what nothing waits for comes last. */
    @Test
    void showsOfAMergeHowFarEachSourcePartitionIs() throws Exception {
        Function<Instant, List<SourceReport>> few = now -> List.of(
                source(0, now, 2_000, false),
                source(1, now, 30_000, false),
                source(2, now, 90_000, true),
                source(3, now, 500, false));
        Function<Instant, List<SourceReport>> many = now -> IntStream.range(0, 200)
                .mapToObj(i -> source(i, now, i == 150 ? 50_000 : 100 * i, i % 10 == 0))
                .toList();
        Function<Instant, List<SourceReport>> silent =
                now -> List.of(source(0, now, 2_000, false), new SourceReport(1, null, null, null, false));
        page.serve(() -> {
            Instant now = Instant.now();
            return List.of(
                    merge("few.merge", now, few), merge("many.merge", now, many), merge("new.merge", now, silent));
        });
        for (Dimension size : List.of(LivePage.DESKTOP, LivePage.PHONE)) {
            page.open(size);
            await("source partitions").until(() -> page.sources("few.merge") == 4);
            assertThat(page.browser.attribute("picture-few.merge", ".lane", "data-source"))
                    .as("the slowest is first")
                    .isEqualTo("1");
            assertThat(page.browser.attribute("picture-few.merge", ".holder", "data-source"))
                    .as("the one that windows wait for")
                    .isEqualTo("1");
            assertThat(page.browser.text("picture-few.merge")).contains("idle: nothing waits for it");
            assertThat(page.browser.text("held-few.merge")).contains("source partition 1");
            assertThat(page.lanes("few.merge")).as("its own partitions").isEqualTo(2);
            assertThat(page.boxes("few.merge", "0")).isPositive();
            assertThat(page.sources("many.merge")).isEqualTo(16);
            assertThat(page.browser.text("picture-many.merge")).contains("184 more", "20 idle");
            assertThat(page.browser.text("picture-new.merge")).contains("no record yet: windows wait for it");
            assertThat(page.browser.fits()).isTrue();
            page.browser.wholeShot("sources-" + size.width);
        }
        page.browser.assertNoErrors();
    }

    /** With two partitions. Its windows wait for source partition 1. */
    private static PipelineStatus merge(String name, Instant now, Function<Instant, List<SourceReport>> sources) {
        long highest = now.toEpochMilli() - 30_000;
        OpenWindows open = Statuses.open(highest);
        OpenWindows told = new OpenWindows(open.shape(), open.oldest(), 0, true, sources.apply(now));
        SlowestSource slowest = new SlowestSource(1, highest - Statuses.GRACE.toMillis(), 4_711L, now.toEpochMilli());
        return Statuses.running(
                name,
                now,
                List.of(
                        Statuses.active(0, highest, now, slowest, told),
                        Statuses.active(1, highest, now, slowest, told)));
    }

    private static SourceReport source(int partition, Instant now, long behind, boolean isIdle) {
        long watermark = now.toEpochMilli() - behind - Statuses.GRACE.toMillis();
        return new SourceReport(partition, watermark, 1_000L + partition, now.toEpochMilli(), isIdle);
    }

    private static PartitionStatus active(
            int partition, Instant highest, @Nullable SlowestSource slowest, Function<Long, OpenWindows> open) {
        return Statuses.active(partition, highest.toEpochMilli(), highest, slowest, open.apply(highest.toEpochMilli()));
    }

    /** So many of one size, of 20 keys each, one with each step. */
    private static OpenWindows spans(
            Shape shape, long from, long step, long size, int count, long more, boolean isExact) {
        long first = from - Math.floorMod(from, step);
        return new OpenWindows(
                shape,
                LongStream.range(0, count)
                        .mapToObj(i -> new OpenWindows.Span(first + i * step, first + i * step + size, 20))
                        .toList(),
                more,
                isExact);
    }
}
