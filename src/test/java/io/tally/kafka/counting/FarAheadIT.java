package io.tally.kafka.counting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tally.testkafka.Input;
import io.tally.testkafka.Instance;
import io.tally.testkafka.LinesPipeline;
import io.tally.testkafka.TestBed;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One record of a clock that is far ahead, on a topic with its producers' timestamps, which are as wrong or worse. */
class FarAheadIT {
    private static final long START = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();
    private static final long FAR_AHEAD = Instant.parse("2999-01-01T00:00:00Z").toEpochMilli();
    private static final int WINDOWS = 12;

    @RegisterExtension
    final TestBed bed = new TestBed(
            1,
            Map.of(
                    TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG,
                    String.valueOf(Long.MAX_VALUE),
                    TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG,
                    String.valueOf(Long.MAX_VALUE),
                    TopicConfig.RETENTION_MS_CONFIG,
                    "-1"));

    /** Killed with that record, and all that was decided by the clock, still to be replayed. */
    @ParameterizedTest
    @ValueSource(strings = {"as the event", "zero", "seconds"})
    void movesNothing(String timestamps) {
        bed.pipeline.template("{start} {key} {count}").maxAhead(Duration.ofDays(1));
        Input input = bed.input();
        Instance running = bed.started("a");
        long replayed = 0;
        for (int second = 0; second < 5 * WINDOWS; second++) {
            send(input, START + 1_000L * second, timestamps);
            if (second % 20 == 7) {
                send(input, FAR_AHEAD + second, timestamps);
            }
            if (second % 20 == 13) {
                input.flush();
                bed.awaitProcessed();
                running.kill();
                running = bed.started("a");
                replayed += running.events().replayed();
            }
        }
        send(input, START + 5_000L * WINDOWS + LinesPipeline.GRACE.toMillis(), timestamps);
        input.flush();
        List<String> expected = LongStream.range(0, WINDOWS)
                .mapToObj(window -> START + 5_000 * window + " k 5")
                .toList();
        await("the rows")
                .atMost(Duration.ofSeconds(45))
                .untilAsserted(() -> assertThat(bed.rows()).isEqualTo(expected));
        bed.awaitProcessed();
        assertThat(bed.log().read(bed.topics().late())).isEmpty();
        assertThat(bed.log().read(bed.topics().deadLetter())).hasSize(3);
        assertThat(bed.progress(0).metadata().ledger().deadLettered()).isEqualTo(3);
        assertThat(replayed).isPositive();
    }

    private void send(Input input, long time, String timestamps) {
        long timestamp = switch (timestamps) {
            case "zero" -> 0;
            case "seconds" -> time / 1000;
            default -> time;
        };
        byte[] value = (time + " k 1 text").getBytes(StandardCharsets.UTF_8);
        input.send(
                new ProducerRecord<>(bed.topics().source(), 0, timestamp, "k".getBytes(StandardCharsets.UTF_8), value));
    }
}
