package io.tally.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * Two instances of an earlier version are replaced by this one, one after the other and under load; then one goes back
 * and comes again. The earlier jar is given by {@code -Dtally.previous.jar=}; without one nothing is tested.
 */
class RollingUpgradeIT {
    private static final int PARTITIONS = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String PREVIOUS = System.getProperty("tally.previous.jar", "");

    private final Path directory =
            Path.of("target", "process", "Upgrade-" + System.nanoTime()).toAbsolutePath();

    @Test
    void isExactWhileVersionsAreMixed() throws InterruptedException {
        if (PREVIOUS.isEmpty()) {
            System.out.println("RollingUpgradeIT: SKIPPED, no earlier jar; -Dtally.previous.jar=FILE names one");
        }
        Assumptions.assumeFalse(PREVIOUS.isEmpty(), "no -Dtally.previous.jar");
        Path previous = Path.of(PREVIOUS).toAbsolutePath();
        assertThat(Files.isRegularFile(previous)).as(PREVIOUS).isTrue();
        Path current = TallyProcess.jar();
        Map<String, ChildProcess> living = new HashMap<>();
        try (KafkaProcess broker = KafkaProcess.start(directory);
                IpCountTopics topics = new IpCountTopics(broker, PARTITIONS);
                LineWriter source = new LineWriter(broker.address(), IpCountTopics.SOURCE, 42, 2_000, 2_000)) {
            try {
                source.start(3_000);
                living.put("a", start(previous, broker, "a"));
                living.put("b", start(previous, broker, "b"));
                topics.awaitCommits(30_000);
                replace("a", living, current, broker, topics);
                replace("b", living, current, broker, topics);
                replace("b", living, previous, broker, topics);
                replace("b", living, current, broker, topics);
                source.stop();
                source.closeWindows(PARTITIONS);
                topics.awaitProcessed(PATIENCE);

                long rows = topics.audit();

                System.out.printf("RollingUpgradeIT: %d rows exact%n", rows);
                assertThat(living.values())
                        .allSatisfy(process -> assertThat(process.isAlive())
                                .as("alive at the end")
                                .isTrue());
            } finally {
                living.values().forEach(ChildProcess::close);
            }
        }
    }

    /** As documented: a planned stop, another jar under the same instance id, and the next one when it is ready. */
    private void replace(
            String instanceId, Map<String, ChildProcess> living, Path jar, KafkaProcess broker, IpCountTopics topics) {
        living.get(instanceId).terminate(PATIENCE);
        living.put(instanceId, start(jar, broker, instanceId));
        topics.awaitCommits(30_000);
    }

    /** The jars of several versions start in the same way. */
    private ChildProcess start(Path jar, KafkaProcess broker, String instanceId) {
        int port = KafkaProcess.freePort();
        ChildProcess process = ChildProcess.java(
                directory.resolve("tally-" + instanceId + ".log"),
                List.of(
                        "-Xmx512m",
                        "-XX:TieredStopAtLevel=1",
                        "-jar",
                        jar.toAbsolutePath().toString(),
                        "--spring.kafka.bootstrap-servers=" + broker.address(),
                        "--tally.instance-id=" + instanceId,
                        // Each with its own configuration, not with the one that is in this directory.
                        "--spring.config.location=classpath:/application.yml",
                        "--server.port=" + port));
        await("readiness of " + instanceId + ", see its log in " + directory)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> !process.isAlive() || isReady(port));
        assertThat(process.isAlive()).as(process.output()).isTrue();
        return process;
    }

    private static boolean isReady(int port) {
        try {
            return HTTP.send(
                                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/readyz"))
                                            .build(),
                                    HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
