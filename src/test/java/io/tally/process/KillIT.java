package io.tally.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The packaged application against a real broker process, killed with SIGKILL at random moments under load.
 *
 * <p>{@code -Dtally.kills=100} kills more often, {@code -Dtally.seed=} repeats a run's choices.
 */
@Tag("faults")
class KillIT {
    private static final int PARTITIONS = 4;
    private static final int KILLS = Integer.getInteger("tally.kills", 3);
    private static final long SEED = Long.getLong("tally.seed", System.nanoTime());
    private static final String SHORT_SESSION = "--spring.kafka.consumer.properties[session.timeout.ms]=6000";

    private final Path directory =
            Path.of("target", "process", "Kill-" + System.nanoTime()).toAbsolutePath();

    /**
     * Two instances. After a kill, the other one works alone for a while, or nobody works, or the killed one starts
     * again at once.
     */
    @Test
    void isExactWhereverItIsKilled() throws InterruptedException {
        Map<String, TallyProcess> living = new HashMap<>();
        try (KafkaProcess broker = KafkaProcess.start(directory);
                IpCountTopics topics = new IpCountTopics(broker, PARTITIONS);
                LineWriter source = new LineWriter(broker.address(), IpCountTopics.SOURCE, SEED, 2_000, 2_000)) {
            try {
                Random random = new Random(SEED);
                source.start(5_000);
                living.put("a", run(broker, "a").awaitActive(PARTITIONS));
                living.put("b", run(broker, "b"));
                for (int kill = 0; kill < KILLS; kill++) {
                    System.out.printf("KillIT: kill %d of %d%n", kill + 1, KILLS);
                    topics.awaitCommits(1 + random.nextInt(15_000));
                    String victim = random.nextBoolean() ? "a" : "b";
                    TallyProcess process = living.remove(victim);
                    if (process != null) {
                        process.kill();
                        // A third of the time at once, otherwise only after the other has made progress.
                        if (random.nextInt(3) > 0 && !living.isEmpty()) {
                            topics.awaitCommits(1 + random.nextInt(5_000));
                        }
                    }
                    living.put(victim, run(broker, victim));
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
            } finally {
                living.values().forEach(TallyProcess::close);
            }
        }
    }

    private TallyProcess run(KafkaProcess broker, String instanceId) {
        return TallyProcess.start(directory, broker.address(), instanceId, SHORT_SESSION);
    }
}
