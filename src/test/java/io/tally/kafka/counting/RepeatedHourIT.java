package io.tally.kafka.counting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tally.testkafka.Input;
import io.tally.testkafka.Instance;
import io.tally.testkafka.TestBed;
import io.tally.window.WindowSpec;
import io.tally.window.Windowing;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clocks go back, and the log goes on without a word. */
class RepeatedHourIT {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final String FORMAT = "yyyy-MM-dd_HH:mm:ss";
    private static final Instant FROM = Instant.parse("2025-10-25T23:30:00Z");
    private static final Duration SIZE = Duration.ofMinutes(10);
    private static final int WINDOWS = 18;

    @RegisterExtension
    final TestBed bed = new TestBed(1);

    /** A line a minute; killed in the midst of windows before, in and after both passes. */
    @ParameterizedTest(name = "shuffle {0}")
    @ValueSource(booleans = {false, true})
    void eachLineIsCountedInItsOwnPass(boolean shuffled) {
        bed.pipeline
                .localTimes(FORMAT, BERLIN)
                .window(WindowSpec.of(Windowing.tumbling(SIZE), Duration.ofSeconds(5)))
                .template("{start} {key} {count}")
                .maxRecordsPerTransaction(4);
        bed.consumerSettings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 4);
        DateTimeFormatter writer = DateTimeFormatter.ofPattern(FORMAT).withZone(BERLIN);
        Input input = bed.input();
        Instance running = start(shuffled);
        long replayed = 0;
        int minutes = WINDOWS * (int) SIZE.toMinutes();
        for (int minute = 0; minute <= minutes; minute++) {
            if (minute % 20 == 16) {
                input.flush();
                bed.awaitProcessed();
                running.kill();
                replayed += running.events().replayed();
                running = start(shuffled);
            }
            // Out of order, as far as the grace allows.
            Instant time = FROM.plus(Duration.ofMinutes(minute)).minusSeconds(minute % 10 == 0 ? 0 : 3 * (minute % 2));
            input.send(0, "k", writer.format(time) + " k 1 text");
        }
        input.send(0, "k", writer.format(FROM.plus(Duration.ofMinutes(minutes + 1))) + " k 1 text");
        input.flush();

        List<String> expected = IntStream.range(0, WINDOWS)
                .mapToObj(window -> FROM.plus(SIZE.multipliedBy(window)).toEpochMilli() + " k 10")
                .toList();
        await("the rows")
                .atMost(Duration.ofSeconds(45))
                .untilAsserted(() -> assertThat(bed.rows()).isEqualTo(expected));
        assertThat(bed.log().read(bed.topics().late())).isEmpty();
        if (!shuffled) {
            assertThat(replayed).isPositive();
        }
    }

    private Instance start(boolean shuffled) {
        return shuffled
                ? bed.instance(bed.pipeline.buildShuffled(bed.groupId(), "a", bed.topics()))
                        .start()
                : bed.started("a");
    }
}
