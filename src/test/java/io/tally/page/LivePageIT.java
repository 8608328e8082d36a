package io.tally.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tally.pipeline.status.PartitionStatus;
import io.tally.pipeline.status.PipelineStatus;
import io.tally.pipeline.status.Refusal;
import io.tally.pipeline.status.SlowestSource;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;

/**
 * The page in a real browser: whether all is well, and how fast it is. What the browser showed is in
 * {@code target/page}.
 */
@Timeout(300)
class LivePageIT {
    @RegisterExtension
    static final LivePage page = new LivePage();

    @Test
    void showsHowFastAndHowFarAtEachSizeAndInEachLight() throws Exception {
        page.serveBusy("visits");
        for (boolean dark : List.of(false, true)) {
            page.browser.light(dark);
            for (Dimension size : List.of(LivePage.DESKTOP, LivePage.PHONE)) {
                page.open(size);
                page.browser.awaitText("records-visits", "\\d[\\d,.]*");
                String before = page.browser.text("records-visits");
                await("another number")
                        .until(() -> !page.browser.text("records-visits").equals(before));
                assertThat(page.browser.text("state-visits")).contains("well", "works on 4 partitions");
                assertThat(page.lanes("visits")).isEqualTo(4);
                assertThat(page.browser.text("held-visits")).contains("Furthest back: partition 2", "offset");
                assertThat(page.browser.text("bytes-visits")).contains("of 256 MiB");
                assertThat(page.browser.fits())
                        .as("nothing is wider than the window")
                        .isTrue();
                page.browser.shot("visits-" + (dark ? "dark" : "light") + "-" + size.width);
                page.browser.assertNoErrors();
            }
        }
    }

    /** What is wrong, in its own words; what looks like markup stays text. */
    @Test
    void showsWhatIsWrongAsText() throws Exception {
        Refusal refusal = new Refusal("Entry " + LivePage.MARKUP + " is damaged.", "restore the topic");
        Instant now = Instant.now();
        page.serve(() -> page.statuses);
        page.server.events().refused("visits", 1, refusal);
        page.statuses = List.of(
                Statuses.running(
                        "visits",
                        now,
                        List.of(
                                Statuses.active(0, now.toEpochMilli(), now),
                                Statuses.refused(1, refusal),
                                Statuses.restoring(2, "reading 700 of 900 records"),
                                Statuses.fresh(3))),
                Statuses.waiting("clicks", now, "The topic " + LivePage.MARKUP + " does not exist."),
                Statuses.running(
                        "shuffled",
                        now,
                        List.of(
                                Statuses.active(0, now.toEpochMilli(), now, new SlowestSource(7, null, null, null)),
                                Statuses.active(1, now.toEpochMilli(), now, new SlowestSource(7, null, null, null)))),
                Statuses.running("elsewhere", now, List.of()));
        page.open(LivePage.DESKTOP);

        page.browser.awaitText(
                "state-visits", "(?s).*not well.*partition 1 is refused.*" + "Remedy: restore the topic.*");
        assertThat(page.browser.text("state-visits"))
                .contains(LivePage.MARKUP, "partition 2: reading 700 of 900 records");
        assertThat(page.browser.text("state-clicks")).contains(LivePage.MARKUP);
        assertThat(page.browser.text("state-elsewhere")).contains("other instances have them");
        assertThat(page.browser.text("held-shuffled")).contains("wait for source partition 7: no record of it");
        assertThat(page.browser.text("events")).contains("partition 1 refused", LivePage.MARKUP);
        assertThat(page.browser.text("picture-visits")).contains("refused", "restoring: reading 700", "no record yet");
        assertThat(page.browser.count("img, b")).isZero();
        assertThat(page.browser.title()).isEqualTo("Tally");
        page.browser.shot("not-well");
        page.browser.assertNoErrors();
    }

    @Test
    void saysThatAnOperatorHasPausedIt() throws Exception {
        Instant since = Instant.parse("2026-01-01T10:00:00Z");
        Instant now = Instant.now();
        List<PartitionStatus> partitions = List.of(Statuses.active(0, now.toEpochMilli(), now));
        page.statuses = List.of(Statuses.running("visits", now, partitions));
        page.serve(() -> page.statuses);
        page.open(LivePage.DESKTOP);
        page.browser.awaitText("state-visits", "(?s).*well.*");

        page.statuses = List.of(Statuses.paused("visits", now, since, partitions));

        page.browser.awaitText(
                "state-visits", "(?s).*paused.*by an operator since 2026-01-01 10:00:00.*until it is resumed.*");
        page.browser.awaitText("events", "(?s).*visits was paused by an operator.*");
        page.browser.shot("paused");
        page.statuses = List.of(Statuses.running("visits", now, partitions));
        page.browser.awaitText("state-visits", "(?s).*works on 1 partition.*");
        page.browser.assertNoErrors();
    }

    @Test
    void showsThatTheBrokerIsGoneAndBack() throws Exception {
        PipelineStatus running = Statuses.running(
                "visits",
                Instant.now(),
                List.of(Statuses.active(0, Instant.now().toEpochMilli(), Instant.now())));
        page.statuses = List.of(running);
        page.serve(() -> page.statuses);
        page.open(LivePage.PHONE);
        page.browser.awaitText("state-visits", "(?s).*works on 1 partition");

        page.statuses = List.of(Statuses.waiting("visits", Instant.now(), "no broker answers at localhost:9092"));
        page.browser.awaitText("state-visits", "(?s).*not well.*no broker answers.*");
        page.browser.awaitText("picture-visits", "(?s).*has no partition of it.*");
        page.browser.shot("away");

        page.statuses = List.of(running);
        page.browser.awaitText("state-visits", "(?s).*works on 1 partition");
        assertThat(page.boxes("visits", "0")).isPositive();
        assertThat(page.browser.text("events")).contains("is well", "is not well: no broker answers");
        page.browser.assertNoErrors();
    }

    /** Values can be read with the keyboard alone. */
    @Test
    void worksByKeyboard() {
        page.serveBusy("visits");
        page.open(LivePage.DESKTOP);
        page.browser.awaitText("records-visits", "\\d.*");

        page.browser.press(".tile svg", Keys.ARROW_LEFT);

        await("a value with its time")
                .until(() -> page.browser.textOf(".tile .detail").matches("\\d\\d:\\d\\d:\\d\\d: .*"));
        page.browser.press(".tile svg", Keys.ESCAPE);
        await("the most again").until(() -> page.browser.textOf(".tile .detail").startsWith("most in 15 min"));
        page.browser.assertNoErrors();
    }

    /** A browser keeps a page that one has left. Kept pages would take the room of those that somebody looks at. */
    @Test
    void takesNoRoomWhenLeftAndIsLiveAgainOnTheWayBack() {
        page.serveBusy("visits");
        page.open(LivePage.DESKTOP);
        page.browser.awaitText("connection", "Live");

        page.browser.leave();

        await("that nobody looks").until(() -> page.server.feed().viewers() == 0);
        page.browser.back();
        await("that somebody looks").until(() -> page.server.feed().viewers() == 1);
        String before = page.browser.text("clock");
        page.browser.awaitText("clock", "(?!" + before + ").*UTC");
        assertThat(page.browser.text("connection")).isEqualTo("Live");
        page.browser.assertNoErrors();
    }

    @Test
    void saysThatTallyIsGone() throws Exception {
        page.serveBusy("visits");
        page.open(LivePage.DESKTOP);
        page.browser.awaitText("connection", "Live");

        page.server.close();

        page.browser.awaitText("connection", "No connection since \\d\\d:\\d\\d:\\d\\d: .*");
        page.browser.shot("gone");
    }
}
