package io.tally.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tally.pipeline.status.LostRecords;
import io.tally.pipeline.status.Refusal;
import io.tally.pipeline.status.RowSample;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.openqa.selenium.Dimension;

/** What comes out, in a real browser. What the browser showed is in {@code target/page}. */
@Timeout(300)
class OutputPageIT {
    @RegisterExtension
    static final LivePage page = new LivePage();

    @Test
    void showsWhatComesOutAsTextAndByKey() throws Exception {
        page.serve(() -> page.statuses, "--tally.page.values=show");
        page.statuses = List.of(page.busy("visits"));
        String odd = "a\nb\u202ec" + "x".repeat(1_000);
        page.output("visits", List.of("10.0.0.1", "10.0.0.2", LivePage.MARKUP, odd));
        for (boolean dark : List.of(false, true)) {
            page.browser.light(dark);
            for (Dimension size : List.of(LivePage.DESKTOP, LivePage.PHONE)) {
                page.open(size);
                page.browser.awaitText("output-visits", "(?s).*10\\.0\\.0\\.2.*");
                assertThat(page.rows("output-visits")).isEqualTo(4);
                assertThat(page.browser.text("output-visits"))
                        .contains(LivePage.MARKUP, "a\\nb\\u202ecxxx")
                        .contains("…")
                        .doesNotContain("\u202e", "x".repeat(300));
                assertThat(page.browser.text("top-visits")).startsWith("a\\nb");
                assertThat(page.browser.text("lost-visits"))
                        .contains("dead letter: bad timestamp", "requests-3@17", LivePage.MARKUP, "no time", "compare");
                assertThat(page.browser.count("img, b")).isZero();
                assertThat(page.browser.isShown("hidden-visits")).isFalse();
                assertThat(page.browser.fits())
                        .as("nothing is wider than the window")
                        .isTrue();
                page.browser.wholeShot("output-" + (dark ? "dark" : "light") + "-" + size.width);
            }
        }
        page.output("visits", List.of("10.0.0.9"));
        await("another row").until(() -> page.rows("output-visits") == 5);

        page.browser.press(Browser.byId("filter-visits"), "0.0.9");

        await("one row").until(() -> page.rows("output-visits") == 1 && page.rows("top-visits") == 1);
        assertThat(page.rows("lost-visits")).isZero();
        assertThat(page.browser.title()).isEqualTo("Tally");
        page.browser.assertNoErrors();
    }

    /** Only reasons and places are told, and a refusal without the key that it quotes. */
    @Test
    void hidesKeysAndValuesByDefault() throws Exception {
        Refusal refusal = new Refusal("key 'secret' came twice", "have a shuffle", "a key came twice");
        page.serve(() -> page.statuses);
        page.server.events().refused("visits", 1, refusal);
        page.server.events().lost("visits", new LostRecords("LATE", "have a longer grace", 3, "requests-3@17", null));
        page.statuses = List.of(Statuses.running(
                "visits", Instant.now(), List.of(Statuses.active(0, 0, Instant.now()), Statuses.refused(1, refusal))));
        page.open(LivePage.DESKTOP);

        page.browser.awaitText("state-visits", "(?s).*a key came twice.*have a shuffle.*");
        assertThat(page.browser.text("events")).contains("a key came twice");
        assertThat(page.browser.text("lost-visits")).contains("late", "requests-3@17", "hidden", "have a longer grace");
        assertThat(page.browser.isShown("hidden-visits")).isTrue();
        assertThat(page.browser.isShown("filter-visits")).isFalse();
        assertThat(page.browser.source()).doesNotContain("secret");
        page.browser.shot("hidden");
        page.browser.assertNoErrors();
    }

    /** The two pictures of the documentation: to renew them, look at both and copy them to docs/images. */
    @Test
    void looksAsTheDocumentationShowsIt() throws Exception {
        page.serve(
                () -> {
                    comesOut();
                    return List.of(page.busy("visits"));
                },
                "--tally.page.values=show");
        page.server
                .events()
                .lost(
                        "visits",
                        new LostRecords(
                                LostRecords.LATE,
                                "have a longer grace (window.grace), or keep windows for corrections (window.allowed-lateness)",
                                3,
                                "requests-1@20117",
                                new LostRecords.Sample("10.0.0.15", "2026-11-29_22:58:57 10.0.0.15", "late by 18 s")));
        page.browser.light(false);
        page.open(new Dimension(1280, 1060));
        await("traffic for a while, and a window that has just closed")
                .until(() -> page.browser.count(".picture .box.ghost") > 0 && page.rows("output-visits") > 20);
        page.browser.shot("desktop");
        page.browser.light(true);
        page.open(new Dimension(390, 1200));
        await("a window that has just closed").until(() -> page.browser.count(".picture .box.ghost") > 0);
        page.browser.shot("phone");
        page.browser.assertNoErrors();
    }

    /** Two rows of any of a few addresses. */
    private static void comesOut() {
        PageServer running = page.server;
        if (running != null) {
            Random random = new Random();
            List<RowSample.Row> rows = Stream.generate(() -> random.nextInt(1, 20))
                    .limit(2)
                    .map(host -> row("10.0.0." + host, 40 + 60 / host + random.nextInt(9)))
                    .toList();
            running.events().sampled("visits", new RowSample(rows.size(), rows, rows, "count"));
        }
    }

    private static RowSample.Row row(String key, int count) {
        long start = System.currentTimeMillis() / 10_000 * 10 - 20;
        String time = Instant.ofEpochSecond(start).toString().replace('T', '_').replace("Z", "");
        return new RowSample.Row(
                key.getBytes(StandardCharsets.UTF_8),
                (time + " " + key + " " + count).getBytes(StandardCharsets.UTF_8),
                count);
    }
}
