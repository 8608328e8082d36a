package io.tally.kafka.counting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tally.codec.framing.Split;
import io.tally.codec.log.W3cFormat;
import io.tally.testkafka.Input;
import io.tally.testkafka.Instance;
import io.tally.testkafka.LinesPipeline;
import io.tally.testkafka.TestBed;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A log whose header stands far before most of its lines, and changes; killed between headers and lines. */
class HeadersIT {
    private static final long START = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();
    private static final int WINDOWS = 24;
    /** Each puts another field where the one before had the number, so that the wrong one gives another sum. */
    private static final List<String> HEADERS =
            List.of("time key number junk text", "junk key text time number", "number key time text junk");

    @RegisterExtension
    final TestBed bed = new TestBed(1);

    @ParameterizedTest(name = "split {0}, shuffle {1}")
    @CsvSource({"NONE, false", "LINES, false", "NONE, true"})
    void linesGoByTheLastHeader(Split split, boolean shuffled) {
        bed.pipeline
                .format(new W3cFormat(List.of()))
                .split(split)
                .template("{start} {key} {count} {sum}")
                .maxRecordsPerTransaction(4);
        bed.consumerSettings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 4);
        Input input = bed.input();
        Instance running = start(shuffled);
        long replayed = 0;
        String header = "";
        for (int second = 0; second < 5 * WINDOWS; second++) {
            String before = "";
            if (second % 31 == 0) {
                header = HEADERS.get(second / 31 % HEADERS.size());
                before = "#Fields: " + header;
            }
            if (second % 31 == 1 || second % 31 == 14) {
                input.flush();
                bed.awaitProcessed();
                running.kill();
                replayed += running.events().replayed();
                running = start(shuffled);
            }
            if (!before.isEmpty() && split == Split.NONE) {
                input.send(0, "k", before);
                before = "";
            }
            input.send(0, "k", (before.isEmpty() ? "" : before + "\n") + line(header, START + 1_000L * second));
        }
        input.send(0, "k", line(header, START + 5_000L * WINDOWS + LinesPipeline.GRACE.toMillis()));
        input.flush();
        List<String> expected = LongStream.range(0, WINDOWS)
                .mapToObj(window -> START + 5_000 * window + " k 5 35")
                .toList();
        await("the rows")
                .atMost(Duration.ofSeconds(45))
                .untilAsserted(() -> assertThat(bed.rows()).isEqualTo(expected));
        assertThat(bed.log().read(bed.topics().deadLetter())).isEmpty();
        assertThat(bed.log().read(bed.topics().late())).isEmpty();
        if (!shuffled) {
            assertThat(replayed).isPositive();
        }
    }

    private static String line(String header, long time) {
        return header.replace("time", String.valueOf(time))
                .replace("key", "k")
                .replace("number", "7")
                .replace("junk", "1000");
    }

    private Instance start(boolean shuffled) {
        return shuffled
                ? bed.instance(bed.pipeline.buildShuffled(bed.groupId(), "a", bed.topics()))
                        .start()
                : bed.started("a");
    }
}
