package io.tally.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The packaged application against a real broker process: planned stops, and a broker that goes and comes back. */
@Tag("faults")
class RestartIT {
    private static final int PARTITIONS = 4;

    private final Path directory =
            Path.of("target", "process", "Restart-" + System.nanoTime()).toAbsolutePath();
    private KafkaProcess broker;
    private IpCountTopics topics;
    private LineWriter source;

    @BeforeEach
    void start() {
        broker = KafkaProcess.start(directory);
        topics = new IpCountTopics(broker, PARTITIONS);
        source = new LineWriter(broker.address(), IpCountTopics.SOURCE, 42, 2_000, 2_000);
    }

    @AfterEach
    void stop() {
        if (source != null) {
            source.close();
        }
        if (topics != null) {
            topics.close();
        }
        if (broker != null) {
            broker.close();
        }
    }

    @Test
    void replaysNothingAfterAPlannedStop() throws IOException {
        source.write(30_000);
        source.flush();
        try (TallyProcess first = run()) {
            topics.awaitProcessed(Duration.ofSeconds(60));
            assertThat(topics.stateRecords()).as("births").isEqualTo(PARTITIONS);

            first.stop();
        }
        assertThat(topics.stateRecords()).as("open windows").isGreaterThan(PARTITIONS);
        source.write(30_000);
        source.closeWindows(PARTITIONS);
        LoadedClasses classes = new LoadedClasses(directory);
        try (TallyProcess second = TallyProcess.startWithJvm(classes.options(), directory, broker.address(), "a")) {
            topics.awaitProcessed(Duration.ofSeconds(60));

            topics.audit();
            assertThat(second.metric("tally_restore_entries_total")).isPositive();
            assertThat(second.metric("tally_restore_replayed_total")).isZero();
            classes.assertNearlyAllFromTheArchive();
        }
    }

    /** Readiness follows what the pipeline can do, liveness does not. */
    @Test
    void goesOnByItselfWhenTheBrokerIsBack() {
        source.write(20_000);
        source.flush();
        try (TallyProcess process = run()) {
            awaitStatus(process, "readiness", "UP");
            topics.awaitProcessed(Duration.ofSeconds(60));

            broker.kill();
            awaitStatus(process, "readiness", "DOWN");
            assertThat(status(process, "liveness")).isEqualTo("UP");

            broker.restart();
            source.write(20_000);
            source.closeWindows(PARTITIONS);
            awaitStatus(process, "readiness", "UP");
            topics.awaitProcessed(Duration.ofSeconds(60));
            topics.audit();
        }
    }

    /** Kafka's clients wait by the time of day: those that were open would stand still for two hours. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void goesOnWhenItsClockWasSetBack(boolean aheadForAMoment) {
        assumeTrue(Clock.isAvailable(), "needs faketime (Debian: apt-get install faketime)");
        Clock clock = new Clock(directory.resolve("clock"));
        source.write(20_000);
        source.flush();
        try (TallyProcess process = TallyProcess.startIn(
                        clock.environment(),
                        directory,
                        broker.address(),
                        "a",
                        "--spring.kafka.consumer.properties[session.timeout.ms]=6000")
                .awaitActive(PARTITIONS)) {
            topics.awaitProcessed(Duration.ofSeconds(60));

            if (aheadForAMoment) {
                clock.jump(Duration.ofHours(2));
                Instant ahead = Instant.now().plus(Duration.ofHours(1));
                await("the jump")
                        .atMost(Duration.ofSeconds(60))
                        .until(() -> process.now().isAfter(ahead));
                clock.jump(Duration.ZERO);
            } else {
                clock.jump(Duration.ofHours(-2));
            }
            await("word of it")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> process.process().output().contains("clock was set back"));
            source.write(20_000);
            source.closeWindows(PARTITIONS);
            topics.awaitProcessed(Duration.ofSeconds(60));
            topics.audit();
        }
    }

    private TallyProcess run() {
        return TallyProcess.start(directory, broker.address(), "a").awaitActive(PARTITIONS);
    }

    private static void awaitStatus(TallyProcess process, String group, String status) {
        await(group + " " + status)
                .atMost(Duration.ofSeconds(60))
                .until(() -> status(process, group).equals(status));
    }

    private static String status(TallyProcess process, String group) {
        var health = process.get("/actuator/health/" + group);
        return health == null ? "no answer" : health.get("status").asString();
    }
}
