package io.tally.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/**
 * The packaged application against a real broker process, killed with SIGKILL at random moments under load.
 *
 * <p>{@code -Dtally.kills=100} kills more often, {@code -Dtally.seed=} repeats a run's choices.
 */
class KillIT {
    private static final int PARTITIONS = 4;
    private static final int KILLS = Integer.getInteger("tally.kills", 6);
    private static final long SEED = Long.getLong("tally.seed", System.nanoTime());
    private static final String[] SHORT_SESSION = {"--spring.kafka.consumer.properties[session.timeout.ms]=6000"};

    private final Map<String, TallyProcess> living = new HashMap<>();
    private KafkaProcess broker;
    private IpCountTopics topics;
    private LineWriter source;
    private Path directory;

    @BeforeEach
    void start(TestInfo test) {
        directory = Path.of("target", "process", test.getDisplayName().replaceAll("\\W", "") + "-" + System.nanoTime())
                .toAbsolutePath();
        broker = KafkaProcess.start(directory);
        topics = new IpCountTopics(broker, PARTITIONS);
        source = new LineWriter(broker.address(), IpCountTopics.SOURCE, SEED, 2_000, 2_000);
    }

    @AfterEach
    void stop() {
        living.values().forEach(TallyProcess::close);
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

    /** Two instances; each kill leaves the other alone for a while, or nobody at all, or is healed at once. */
    @Test
    void isExactWhereverItIsKilled() throws InterruptedException {
        Random random = new Random(SEED);
        source.start(5_000);
        run("a").awaitActive(PARTITIONS);
        run("b");
        for (int kill = 0; kill < KILLS; kill++) {
            topics.awaitCommits(1 + random.nextInt(15_000));
            String victim = random.nextBoolean() ? "a" : "b";
            TallyProcess process = living.remove(victim);
            if (process != null) {
                process.kill();
                // A third of the time at once, otherwise only after the other has got somewhere.
                if (random.nextInt(3) > 0 && !living.isEmpty()) {
                    topics.awaitCommits(1 + random.nextInt(5_000));
                }
            }
            run(victim);
        }
        source.stop();
        source.closeWindows(PARTITIONS);
        topics.awaitProcessed(Duration.ofSeconds(90));

        long rows = topics.audit();

        System.out.printf("%d kills (seed %d): %d rows exact%n", KILLS, SEED, rows);
        assertThat(living.values())
                .allSatisfy(process -> assertThat(process.process().isAlive())
                        .as("alive at the end")
                        .isTrue());
    }

    @Test
    void replaysNothingAfterAPlannedStop() {
        source.write(30_000);
        source.flush();
        TallyProcess first = run("a").awaitActive(PARTITIONS);
        topics.awaitProcessed(Duration.ofSeconds(60));
        assertThat(topics.stateRecords()).as("births").isEqualTo(PARTITIONS);

        first.stop();
        assertThat(topics.stateRecords()).as("open windows").isGreaterThan(PARTITIONS);
        source.write(30_000);
        source.closeWindows(PARTITIONS);
        TallyProcess second = run("a").awaitActive(PARTITIONS);
        topics.awaitProcessed(Duration.ofSeconds(60));

        topics.audit();
        assertThat(second.metric("tally_restore_entries_total")).isPositive();
        assertThat(second.metric("tally_restore_replayed_total")).isZero();
    }

    /** Readiness follows what the pipeline can do, liveness does not. */
    @Test
    void goesOnByItselfWhenTheBrokerIsBack() {
        source.write(20_000);
        source.flush();
        TallyProcess process = run("a").awaitActive(PARTITIONS);
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

    private static void awaitStatus(TallyProcess process, String group, String status) {
        await(group + " " + status)
                .atMost(Duration.ofSeconds(60))
                .until(() -> status(process, group).equals(status));
    }

    private static String status(TallyProcess process, String group) {
        var health = process.get("/actuator/health/" + group);
        return health == null ? "no answer" : health.get("status").asString();
    }

    private TallyProcess run(String instanceId) {
        TallyProcess process = TallyProcess.start(directory, broker.address(), instanceId, SHORT_SESSION);
        living.put(instanceId, process);
        return process;
    }
}
