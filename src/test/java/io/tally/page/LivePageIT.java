package io.tally.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tally.checkpoint.Ledger;
import io.tally.pipeline.status.LostRecords;
import io.tally.pipeline.status.OpenWindows;
import io.tally.pipeline.status.OpenWindows.Shape;
import io.tally.pipeline.status.PartitionStatus;
import io.tally.pipeline.status.PipelineStatus;
import io.tally.pipeline.status.Refusal;
import io.tally.pipeline.status.RowSample;
import io.tally.pipeline.status.SlowestSource;
import io.tally.pipeline.status.TransactionSize;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;

/**
 * The page in a real browser. Needs Chromium and its driver (Debian: {@code chromium}, {@code chromium-driver});
 * without them the tests skip and say so. What the browser showed is in {@code target/page}.
 */
@Timeout(300)
class LivePageIT {
    private static final String MARKUP = "<img src=x onerror=document.title='broken'><b>bold</b>";
    private static final Dimension DESKTOP = new Dimension(1280, 1000);
    private static final Dimension PHONE = new Dimension(390, 844);

    private static Browser browser;

    private volatile List<PipelineStatus> statuses = List.of();
    private PageServer server;

    @BeforeAll
    static void startBrowser() {
        browser = Browser.start();
    }

    @AfterAll
    static void stopBrowser() {
        if (browser != null) {
            browser.close();
        }
    }

    @AfterEach
    void stop() {
        browser.leave();
        if (server != null) {
            server.close();
        }
    }

    @Test
    void showsHowFastAndHowFarAtEachSizeAndInEachLight() throws Exception {
        start(List.of("visits"));
        for (boolean dark : List.of(false, true)) {
            browser.light(dark);
            for (Dimension size : List.of(DESKTOP, PHONE)) {
                open(size);
                browser.awaitText("records-visits", "\\d[\\d,.]*");
                String before = browser.text("records-visits");
                await("another number")
                        .until(() -> !browser.text("records-visits").equals(before));
                assertThat(browser.text("state-visits")).contains("well", "works on 4 partitions");
                assertThat(lanes("visits")).isEqualTo(4);
                assertThat(browser.text("held-visits")).contains("Furthest back: partition 2", "offset");
                assertThat(browser.text("bytes-visits")).contains("of 256 MiB");
                assertThat(browser.fits())
                        .as("nothing is wider than the window")
                        .isTrue();
                browser.shot("visits-" + (dark ? "dark" : "light") + "-" + size.width);
                browser.assertNoErrors();
            }
        }
    }

    @Test
    void showsWindowsClose() throws Exception {
        start(List.of("visits"));
        open(DESKTOP);

        await("each window by itself").until(() -> boxes("visits", "2") == 2);
        await("a window that has just closed, with its keys").until(() -> browser.count(".picture .box.ghost") > 0);
        browser.shot("closed");
        browser.assertNoErrors();
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
        server = PageServer.start(() -> {
            Instant now = Instant.now();
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
        for (Dimension size : List.of(DESKTOP, PHONE)) {
            open(size);
            browser.awaitText("picture-slices", "(?s).*slices.*");
            assertThat(boxes("slices", "0")).isEqualTo(8);
            assertThat(browser.text("legend-slices")).contains("when the last of them closes");
            // One has closed since it was looked at.
            assertThat(boxes("overlapping", "0")).isEqualTo(4);
            assertThat(boxes("more", "0")).isEqualTo(4);
            assertThat(browser.text("picture-more")).contains("77 more");
            assertThat(browser.text("picture-sessions")).contains("about 20 keys", "sessions");
            assertThat(browser.text("legend-sessions")).contains("if nothing more comes");
            assertThat(boxes("totals", "0")).isZero();
            assertThat(browser.text("picture-totals")).contains("totals");
            // Partition 0 is idle: it is further back, and nothing waits for it.
            assertThat(browser.attribute("picture-shuffled", ".holder", "data-partition"))
                    .isEqualTo("1");
            assertThat(browser.text("held-shuffled")).contains("the merge wait for partition 1");
            assertThat(browser.text("held-shuffled.merge")).contains("source partition 1", "offset 4,711");
            browser.wholeShot("kinds-" + size.width);
        }
        browser.assertNoErrors();
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

    private static int boxes(String name, String partition) {
        return browser.count("picture-" + name, "[data-partition='" + partition + "'] .box.open");
    }

    /** What is wrong, in its own words; what looks like markup stays text. */
    @Test
    void showsWhatIsWrongAsText() throws Exception {
        Refusal refusal = new Refusal("Entry " + MARKUP + " is damaged.", "restore the topic");
        Instant now = Instant.now();
        server = PageServer.start(() -> statuses);
        server.events().refused("visits", 1, refusal);
        statuses = List.of(
                Statuses.running(
                        "visits",
                        now,
                        List.of(
                                Statuses.active(0, now.toEpochMilli(), now),
                                Statuses.refused(1, refusal),
                                Statuses.restoring(2, "reading 700 of 900 records"),
                                Statuses.fresh(3))),
                Statuses.waiting("clicks", now, "The topic " + MARKUP + " does not exist."),
                Statuses.running(
                        "shuffled",
                        now,
                        List.of(
                                Statuses.active(0, now.toEpochMilli(), now, new SlowestSource(7, null, null, null)),
                                Statuses.active(1, now.toEpochMilli(), now, new SlowestSource(7, null, null, null)))),
                Statuses.running("elsewhere", now, List.of()));
        open(DESKTOP);

        browser.awaitText("state-visits", "(?s).*not well.*partition 1 is refused.*" + "Remedy: restore the topic.*");
        assertThat(browser.text("state-visits")).contains(MARKUP, "partition 2: reading 700 of 900 records");
        assertThat(browser.text("state-clicks")).contains(MARKUP);
        assertThat(browser.text("state-elsewhere")).contains("other instances have them");
        assertThat(browser.text("held-shuffled")).contains("wait for source partition 7: no record of it");
        assertThat(browser.text("events")).contains("partition 1 refused", MARKUP);
        assertThat(browser.text("picture-visits")).contains("refused", "restoring: reading 700", "no record yet");
        assertThat(browser.count("img, b")).isZero();
        assertThat(browser.title()).isEqualTo("Tally");
        browser.shot("not-well");
        browser.assertNoErrors();
    }

    @Test
    void saysThatAnOperatorHasPausedIt() throws Exception {
        Instant since = Instant.parse("2026-01-01T10:00:00Z");
        Instant now = Instant.now();
        List<PartitionStatus> partitions = List.of(Statuses.active(0, now.toEpochMilli(), now));
        statuses = List.of(Statuses.running("visits", now, partitions));
        server = PageServer.start(() -> statuses);
        open(DESKTOP);
        browser.awaitText("state-visits", "(?s).*well.*");

        statuses = List.of(Statuses.paused("visits", now, since, partitions));

        browser.awaitText(
                "state-visits", "(?s).*paused.*by an operator since 2026-01-01 10:00:00.*until it is resumed.*");
        browser.awaitText("events", "(?s).*visits was paused by an operator.*");
        browser.shot("paused");
        statuses = List.of(Statuses.running("visits", now, partitions));
        browser.awaitText("state-visits", "(?s).*works on 1 partition.*");
        browser.assertNoErrors();
    }

    @Test
    void showsWhatComesOutAsTextAndByKey() throws Exception {
        server = PageServer.start(() -> statuses, "--tally.page.values=show");
        statuses = List.of(busy("visits"));
        String odd = "a\nb\u202ec" + "x".repeat(1_000);
        output("visits", List.of("10.0.0.1", "10.0.0.2", MARKUP, odd));
        for (boolean dark : List.of(false, true)) {
            browser.light(dark);
            for (Dimension size : List.of(DESKTOP, PHONE)) {
                open(size);
                browser.awaitText("output-visits", "(?s).*10\\.0\\.0\\.2.*");
                assertThat(rows("output-visits")).isEqualTo(4);
                assertThat(browser.text("output-visits"))
                        .contains(MARKUP, "a\\nb\\u202ecxxx")
                        .contains("…")
                        .doesNotContain("\u202e", "x".repeat(300));
                assertThat(browser.text("top-visits")).startsWith("a\\nb");
                assertThat(browser.text("lost-visits"))
                        .contains("dead letter: bad timestamp", "requests-3@17", MARKUP, "no time", "compare");
                assertThat(browser.count("img, b")).isZero();
                assertThat(browser.isShown("hidden-visits")).isFalse();
                assertThat(browser.fits())
                        .as("nothing is wider than the window")
                        .isTrue();
                browser.wholeShot("output-" + (dark ? "dark" : "light") + "-" + size.width);
            }
        }
        output("visits", List.of("10.0.0.9"));
        await("another row").until(() -> rows("output-visits") == 5);

        browser.press(Browser.byId("filter-visits"), "0.0.9");

        await("one row").until(() -> rows("output-visits") == 1 && rows("top-visits") == 1);
        assertThat(rows("lost-visits")).isZero();
        assertThat(browser.title()).isEqualTo("Tally");
        browser.assertNoErrors();
    }

    /** Only reasons and places are told, and a refusal without the key that it quotes. */
    @Test
    void hidesKeysAndValuesByDefault() throws Exception {
        Refusal refusal = new Refusal("key 'secret' came twice", "have a shuffle", "a key came twice");
        server = PageServer.start(() -> statuses);
        server.events().refused("visits", 1, refusal);
        server.events().lost("visits", new LostRecords("LATE", "have a longer grace", 3, "requests-3@17", null));
        statuses = List.of(Statuses.running(
                "visits", Instant.now(), List.of(Statuses.active(0, 0, Instant.now()), Statuses.refused(1, refusal))));
        open(DESKTOP);

        browser.awaitText("state-visits", "(?s).*a key came twice.*have a shuffle.*");
        assertThat(browser.text("events")).contains("a key came twice");
        assertThat(browser.text("lost-visits")).contains("late", "requests-3@17", "hidden", "have a longer grace");
        assertThat(browser.isShown("hidden-visits")).isTrue();
        assertThat(browser.isShown("filter-visits")).isFalse();
        assertThat(browser.source()).doesNotContain("secret");
        browser.shot("hidden");
        browser.assertNoErrors();
    }

    /** A row of each key with a result that grows from key to key, and a dead letter of each. */
    private void output(String name, List<String> keys) {
        List<RowSample.Row> rows = new ArrayList<>();
        for (String key : keys) {
            byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
            byte[] value = ("2026-11-29_23:00:00 " + key + " " + rows.size()).getBytes(StandardCharsets.UTF_8);
            rows.add(new RowSample.Row(bytes, value, rows.size()));
        }
        server.events().sampled(name, new RowSample(rows.size(), rows, rows, "count"));
        server.events()
                .lost(
                        name,
                        new LostRecords(
                                "BAD_TIMESTAMP",
                                "compare timestamp.field with a record",
                                1,
                                "requests-3@17",
                                new LostRecords.Sample(MARKUP, "no " + MARKUP, "no time")));
    }

    private static int rows(String id) {
        return browser.count(id, "tr");
    }

    @Test
    void isReadableWithTwoHundredPartitions() throws Exception {
        server = PageServer.start(() -> {
            Instant now = Instant.now();
            List<PartitionStatus> many = new ArrayList<>();
            for (int partition = 0; partition < 200; partition++) {
                long behind = partition == 77 ? 7_200_000 : partition * 37 % 200 * 100;
                many.add(Statuses.active(partition, now.toEpochMilli() - behind, now.minusSeconds(partition)));
            }
            return List.of(Statuses.running("many", now, many));
        });
        for (Dimension size : List.of(DESKTOP, PHONE)) {
            open(size);
            browser.awaitText("state-many", "(?s).*200 partitions.*");
            assertThat(lanes("many")).isEqualTo(16);
            assertThat(browser.text("picture-many")).contains("184 more", "77", "before");
            assertThat(browser.text("held-many")).contains("partition 77");
            browser.shot("many-" + size.width);
        }
        browser.press(Browser.byId("table-many") + " summary", Keys.ENTER);
        await("the table").until(() -> browser.count("table-many", "tbody tr") == 200);
        browser.assertNoErrors();
    }

    @Test
    void showsThatTheBrokerIsGoneAndBack() throws Exception {
        PipelineStatus running = Statuses.running(
                "visits",
                Instant.now(),
                List.of(Statuses.active(0, Instant.now().toEpochMilli(), Instant.now())));
        statuses = List.of(running);
        server = PageServer.start(() -> statuses);
        open(PHONE);
        browser.awaitText("state-visits", "(?s).*works on 1 partition");

        statuses = List.of(Statuses.waiting("visits", Instant.now(), "no broker answers at localhost:9092"));
        browser.awaitText("state-visits", "(?s).*not well.*no broker answers.*");
        browser.awaitText("picture-visits", "(?s).*has no partition of it.*");
        browser.shot("away");

        statuses = List.of(running);
        browser.awaitText("state-visits", "(?s).*works on 1 partition");
        assertThat(boxes("visits", "0")).isPositive();
        assertThat(browser.text("events")).contains("is well", "is not well: no broker answers");
        browser.assertNoErrors();
    }

    /** Values can be read with the keyboard alone. */
    @Test
    void worksByKeyboard() {
        start(List.of("visits"));
        open(DESKTOP);
        browser.awaitText("records-visits", "\\d.*");

        browser.press(".tile svg", Keys.ARROW_LEFT);

        await("a value with its time")
                .until(() -> browser.textOf(".tile .detail").matches("\\d\\d:\\d\\d:\\d\\d: .*"));
        browser.press(".tile svg", Keys.ESCAPE);
        await("the most again").until(() -> browser.textOf(".tile .detail").startsWith("most in 15 min"));
        browser.assertNoErrors();
    }

    @Test
    void saysThatTallyIsGone() throws Exception {
        start(List.of("visits"));
        open(DESKTOP);
        browser.awaitText("connection", "Live");

        server.close();

        browser.awaitText("connection", "No connection since \\d\\d:\\d\\d:\\d\\d: .*");
        browser.shot("gone");
    }

    /** Four partitions of which one is a little behind, and traffic. */
    private void start(List<String> names) {
        server = PageServer.start(() -> names.stream().map(this::busy).toList());
    }

    private PipelineStatus busy(String name) {
        Instant now = Instant.now();
        List<PartitionStatus> partitions = Stream.of(0, 1, 2, 3)
                .map(partition -> Statuses.active(
                        partition, now.toEpochMilli() - (partition == 2 ? 12_000 : 300 * partition), now))
                .toList();
        long records = 1_000 + now.toEpochMilli() % 977;
        server().ifPresent(running -> {
            running.events()
                    .committed(
                            name,
                            0,
                            new Ledger(records, 3, 1, 0),
                            40,
                            0,
                            Objects.requireNonNull(partitions.get(0).committed()));
            running.events()
                    .transaction(
                            name,
                            0,
                            new TransactionSize(records, 0, 0),
                            Duration.ofMillis(100),
                            Duration.ofMillis(3 + records % 9));
        });
        return Statuses.running(name, now, partitions);
    }

    private java.util.Optional<PageServer> server() {
        return java.util.Optional.ofNullable(server);
    }

    private void open(Dimension size) {
        browser.open(server.address("/"), size);
    }

    private static int lanes(String name) {
        return browser.count("picture-" + name, ".lane[data-partition]");
    }
}
