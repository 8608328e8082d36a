package io.tally.process;

import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A source that is full already, read as fast as possible by the plain jar, is counted exactly.
 * {@code -Dtally.lines=5000000 -Dtally.ips=1000000 -Dtally.lanes=2}, {@code -Dtally.shuffle=true} for more of it;
 * {@code -Dtally.explain=100} to measure how long it takes to explain as many of its rows.
 */
@Tag("faults")
class PreloadedIT {
    private static final int PARTITIONS = 4;
    private static final int LINES = Integer.getInteger("tally.lines", 100_000);
    private static final int IPS = Integer.getInteger("tally.ips", 1_000);
    private static final int LANES = Integer.getInteger("tally.lanes", 2);
    private static final boolean SHUFFLE = Boolean.getBoolean("tally.shuffle");
    private static final int EXPLAIN = Integer.getInteger("tally.explain", 0);
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @Test
    void countsExactly() throws Exception {
        Path directory =
                Path.of("target", "process", "Preloaded-" + System.nanoTime()).toAbsolutePath();
        try (KafkaProcess broker = KafkaProcess.start(directory);
                IpCountTopics topics = new IpCountTopics(broker, PARTITIONS);
                LineWriter source = new LineWriter(broker.address(), IpCountTopics.SOURCE, 42, IPS, LINES / 250)) {
            for (int written = 0; written < LINES; written += 100_000) {
                source.write(Math.min(100_000, LINES - written));
            }
            source.closeWindows(PARTITIONS);

            long rows;
            try (TallyProcess process = TallyProcess.startJar(
                    directory,
                    broker.address(),
                    "a",
                    "--tally.pipelines.ip-count.lanes=" + LANES,
                    "--tally.pipelines.ip-count.shuffle=" + (SHUFFLE ? "always" : "never"))) {
                awaitEnd(process, topics);
                rows = SHUFFLE ? topics.auditShuffled(PATIENCE) : 0;
                process.stop();
            }
            rows = SHUFFLE ? rows : topics.audit();
            System.out.printf(
                    "%d lines, %d IPs: %d rows exact, %d records in the state topic%n",
                    LINES, IPS, rows, topics.stateRecords());
            if (EXPLAIN > 0) {
                ExplainSpeed.measure(broker.address(), EXPLAIN);
            }
        }
    }

    private static void awaitEnd(TallyProcess process, IpCountTopics topics) {
        long end = topics.sourceEnd();
        await("the end of the source")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> {
                    if (!process.process().isAlive()) {
                        throw new IllegalStateException("the process has ended");
                    }
                    return topics.committed(IpCountTopics.GROUP) == end;
                });
    }
}
