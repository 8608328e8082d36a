package io.tally.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.page.EventLog.Kind;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EventLogTest {
    private final EventLog log = new EventLog();

    @Test
    void tellsARebalanceAsOneEvent() {
        for (int partition = 0; partition < 200; partition++) {
            log.add(1_000 + partition, Kind.RELEASED, "visits", partition, null, false);
            log.add(1_000 + partition, Kind.RELEASED, "other", partition, null, false);
        }

        assertThat(log.all()).hasSize(2).allSatisfy(event -> {
            assertThat(event.times()).isEqualTo(200);
            assertThat(event.where())
                    .containsExactlyElementsOf(IntStream.range(0, 20).boxed().toList());
            assertThat(event.moreWhere()).isEqualTo(180);
            assertThat(event.first()).isEqualTo(1_000);
            assertThat(event.last()).isEqualTo(1_199);
        });
    }

    @Test
    void tellsABrokerThatIsAwayForAnHourAsOneEvent() {
        for (int attempt = 0; attempt < 720; attempt++) {
            log.add(attempt * 5_000L, Kind.FAILED, "visits", 0, "no answer within " + attempt + " ms", true);
        }

        assertThat(log.all())
                .singleElement()
                .satisfies(event -> assertThat(event.text()).isEqualTo("no answer within 719 ms"));
    }

    @Test
    void keepsApartWhatDiffers() {
        log.add(0, Kind.FAILED, "visits", 0, "no answer", true);
        log.add(1, Kind.FAILED, "visits", 0, "fenced", true);
        log.add(2, Kind.FENCED, "visits", 0, "fenced", true);
        log.add(2 + EventLog.TOGETHER_MILLIS + 1, Kind.FENCED, "visits", 0, "fenced", true);

        assertThat(log.all()).hasSize(4).extracting(EventLog.Event::kind).startsWith(Kind.FENCED, Kind.FENCED);
    }

    /** One that happens again is news, though it is told in the same line. */
    @Test
    void showsFirstWhatHappenedLast() {
        log.add(0, Kind.WELL, "visits", null, null, true);
        log.add(10, Kind.PROBLEM, "visits", null, "no answer", true);
        log.add(20, Kind.WELL, "visits", null, null, true);

        assertThat(log.all()).extracting(EventLog.Event::kind).containsExactly(Kind.WELL, Kind.PROBLEM);
        assertThat(log.all().get(0).times()).isEqualTo(2);
    }

    @Test
    void forgetsTheOldestAndShortensTheLongest() {
        for (int i = 0; i < 2 * EventLog.SIZE; i++) {
            log.add(i * 60_000L, Kind.REFUSED, "visits", i, "x".repeat(10_000), true);
        }

        assertThat(log.all()).hasSize(EventLog.SIZE);
        assertThat(log.all().get(0).where()).containsExactly(2 * EventLog.SIZE - 1);
        assertThat(log.all().get(0).text()).hasSizeLessThan(1_000);
    }

    @Test
    void saysOnceWhatIsNew() {
        assertThat(log.changes()).isNull();
        log.add(0, Kind.WELL, "visits", null, null, true);
        assertThat(log.changes()).hasSize(1);
        assertThat(log.changes()).isNull();
    }
}
