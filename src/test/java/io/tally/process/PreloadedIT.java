package io.tally.process;

import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * A source that is full already, read as fast as possible: exact, and how fast compared with the {@link BareLoop} in
 * the same run on the same broker. {@code -Dtally.lines=5000000 -Dtally.ips=1000000 -Dtally.lanes=2},
 * {@code -Dtally.shuffle=true} for a real measurement, on a machine that does nothing else. Times are printed, never
 * asserted.
 */
class PreloadedIT {
    private static final int PARTITIONS = 4;
    private static final int LINES = Integer.getInteger("tally.lines", 100_000);
    private static final int IPS = Integer.getInteger("tally.ips", 1_000);
    private static final int LANES = Integer.getInteger("tally.lanes", 2);
    private static final boolean SHUFFLE = Boolean.getBoolean("tally.shuffle");
    private static final String BARE_LOOP = "bare-loop";
    private static final String BARE_LOOP_SINK = "bare_loop_sink";
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
            topics.create(BARE_LOOP_SINK);

            double bare = bareLoop(broker, topics);
            double tally;
            long rows;
            try (TallyProcess process = TallyProcess.start(
                    directory,
                    broker.address(),
                    "a",
                    "--tally.pipelines.ip-count.lanes=" + LANES,
                    "--tally.pipelines.ip-count.shuffle=" + (SHUFFLE ? "always" : "never"))) {
                tally = rate(topics, IpCountTopics.GROUP, () -> {
                    if (!process.process().isAlive()) {
                        throw new IllegalStateException("the process has ended");
                    }
                });
                rows = SHUFFLE ? topics.auditShuffled(PATIENCE) : 0;
                process.stop();
            }
            rows = SHUFFLE ? rows : topics.audit();
            System.out.printf(
                    "%d lines, %d IPs: %d rows exact; bare loop %.0f/s, Tally with %d lanes"
                            + (SHUFFLE ? " and a shuffle" : "")
                            + " %.0f/s, ratio %.2f;"
                            + " %d records in the state topic%n",
                    LINES,
                    IPS,
                    rows,
                    bare,
                    LANES,
                    tally,
                    tally / bare,
                    topics.stateRecords());
        }
    }

    private static double bareLoop(KafkaProcess broker, IpCountTopics topics) throws Exception {
        BareLoop loop =
                new BareLoop(new BareLoop.Place(broker.address(), IpCountTopics.SOURCE, BARE_LOOP, BARE_LOOP_SINK));
        ExecutorService thread = Executors.newSingleThreadExecutor();
        Future<?> running = thread.submit(loop);
        try {
            return rate(topics, BARE_LOOP, () -> {
                if (running.isDone()) {
                    throw new IllegalStateException("the bare loop has ended");
                }
            });
        } finally {
            loop.stop();
            running.get(30, TimeUnit.SECONDS);
            thread.shutdown();
        }
    }

    /** Records per second over the second half of the source, when everything is warm. */
    private static double rate(IpCountTopics topics, String group, Runnable alive) {
        long end = topics.sourceEnd();
        await("the first half by " + group)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> {
                    alive.run();
                    return topics.committed(group) >= end / 2;
                });
        long middle = topics.committed(group);
        long began = System.nanoTime();
        await("the second half by " + group)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> {
                    alive.run();
                    return topics.committed(group) == end;
                });
        return (end - middle) / ((System.nanoTime() - began) / 1e9);
    }
}
