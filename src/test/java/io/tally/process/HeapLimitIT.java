package io.tally.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * A pipeline with more keys than the heap has room for stops with an explanation before the heap is full, and again
 * after a restart, while another one reads all of the same source. {@code -Dtally.lines=6000000} for more of it.
 */
@Tag("faults")
class HeapLimitIT {
    private static final int LINES = Integer.getInteger("tally.lines", 900_000);
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @Test
    void stopsBeforeTheHeapIsFull() throws Exception {
        Path directory =
                Path.of("target", "process", "HeapLimit-" + System.nanoTime()).toAbsolutePath();
        try (KafkaProcess broker = KafkaProcess.start(directory);
                IpCountTopics topics = new IpCountTopics(broker, 1);
                // Hardly an IP twice, and nearly all of them within an hour.
                LineWriter source = new LineWriter(broker.address(), IpCountTopics.SOURCE, 42, 1 << 24, LINES / 600)) {
            topics.create("hours");
            for (int written = 0; written < LINES; written += 100_000) {
                source.write(Math.min(100_000, LINES - written));
            }
            source.flush();
            for (int start = 1; start <= 2; start++) {
                try (TallyProcess process = TallyProcess.startWithJvm(
                        List.of("-Xmx192m"),
                        directory,
                        broker.address(),
                        "a",
                        "--tally.pipelines.ip-count.shuffle=never",
                        "--tally.pipelines.hours.source.topic=" + IpCountTopics.SOURCE,
                        "--tally.pipelines.hours.source.columns=time,ip",
                        "--tally.pipelines.hours.timestamp.field=time",
                        "--tally.pipelines.hours.timestamp.format=yyyy-MM-dd_HH:mm:ss",
                        "--tally.pipelines.hours.key.fields=ip",
                        "--tally.pipelines.hours.shuffle=never",
                        "--tally.pipelines.hours.window.size=1h",
                        "--tally.pipelines.hours.sink.topic=hours")) {
                    JsonNode refused = awaitRefusal(process);
                    assertThat(refused.at("/refusal/problem").asString())
                            .contains("the open windows of the pipeline would take")
                            .contains("an equal part for each of 2 pipelines of half of the heap of 192MB");
                    assertThat(process.get("/livez").at("/status").asString()).isEqualTo("UP");
                    assertThat(process.get("/readyz").at("/status").asString()).isEqualTo("DOWN");
                    long end = topics.sourceEnd();
                    await("the end of the source")
                            .atMost(PATIENCE)
                            .pollInterval(Duration.ofMillis(100))
                            .until(() -> process.process().isAlive() && topics.committed(IpCountTopics.GROUP) == end);
                    process.stop();
                }
            }
        }
    }

    private static JsonNode awaitRefusal(TallyProcess process) {
        JsonNode[] found = {null};
        await("a refusal, see " + process.process().output())
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> {
                    JsonNode answer = process.get("/actuator/tally");
                    if (answer == null) {
                        assertThat(process.process().isAlive()).isTrue();
                        return false;
                    }
                    for (JsonNode pipeline : answer.get("pipelines").values()) {
                        JsonNode partition = pipeline.at("/partitions/0");
                        if (partition.at("/phase").asString("").equals("REFUSED")) {
                            assertThat(pipeline.get("name").asString()).isEqualTo("hours");
                            found[0] = partition;
                        }
                    }
                    return found[0] != null;
                });
        return found[0];
    }
}
