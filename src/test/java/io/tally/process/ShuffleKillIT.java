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
 * The packaged application with a shuffle: lines whose record keys and partitions have nothing to do with the IP, and
 * SIGKILL at random moments. {@code -Dtally.kills=100} kills more often.
 */
@Tag("faults")
class ShuffleKillIT {
    private static final int PARTITIONS = 4;
    private static final int KILLS = Integer.getInteger("tally.kills", 2);
    private static final long SEED = Long.getLong("tally.seed", System.nanoTime());
    private static final String[] SETTINGS = {
        "--tally.pipelines.ip-count.shuffle=always",
        "--tally.pipelines.ip-count.shuffle-topic.partitions=3",
        "--spring.kafka.consumer.properties[session.timeout.ms]=6000"
    };

    @Test
    void isExactWhereverItIsKilled() throws InterruptedException {
        Path directory =
                Path.of("target", "process", "ShuffleKill-" + System.nanoTime()).toAbsolutePath();
        Map<String, TallyProcess> living = new HashMap<>();
        try (KafkaProcess broker = KafkaProcess.start(directory);
                IpCountTopics topics = new IpCountTopics(broker, PARTITIONS);
                LineWriter source =
                        new LineWriter(broker.address(), IpCountTopics.SOURCE, SEED, 500, 2_000).withoutKeys()) {
            try {
                Random random = new Random(SEED);
                source.start(5_000);
                for (String instance : new String[] {"a", "b"}) {
                    living.put(instance, TallyProcess.start(directory, broker.address(), instance, SETTINGS));
                }
                for (int kill = 0; kill < KILLS; kill++) {
                    System.out.printf("ShuffleKillIT: kill %d of %d%n", kill + 1, KILLS);
                    topics.awaitCommits(1 + random.nextInt(15_000));
                    String victim = random.nextBoolean() ? "a" : "b";
                    living.get(victim).kill();
                    living.put(victim, TallyProcess.start(directory, broker.address(), victim, SETTINGS));
                }
                source.stop();
                source.closeWindows(PARTITIONS);
                topics.awaitProcessed(Duration.ofSeconds(90));

                long rows = topics.auditShuffled(Duration.ofSeconds(90));

                System.out.printf("%d kills with a shuffle (seed %d): %d rows exact%n", KILLS, SEED, rows);
                assertThat(living.values())
                        .allMatch(process -> process.process().isAlive());
            } finally {
                living.values().forEach(TallyProcess::close);
            }
        }
    }
}
