package io.tally.bench.part;

import io.tally.bench.contender.Contender;
import io.tally.bench.contender.IpWindows;
import io.tally.bench.ground.Bench;
import io.tally.bench.ground.Markdown;
import io.tally.bench.ground.Rounds;
import io.tally.bench.source.Moment;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/**
 * What is written to Tally's state topic, and to the changelog topics of Kafka Streams, that of its {@code suppress}
 * included. The source is written in real time, since both write by the clock: Tally an entry whose change is older
 * than its checkpoint interval, Kafka Streams at each commit what has changed since the last.
 *
 * @param tallies Tally with the settings that are to be compared
 */
public record StateTraffic(String name, int linesPerSecond, int ips, IpWindows windows, List<Contender> tallies)
        implements Part {
    /** What Kafka Streams does by default when it is exactly once. */
    private static final String[] STREAMS_DEFAULTS = {
        Contender.STREAMS_COMMITS, "statestore.cache.max.bytes=" + (10 << 20)
    };

    private static final String DAY = String.valueOf(Duration.ofDays(1).toMillis());

    private static final Map<String, String> BROKER = Map.of(
            // What topics take is to be what was written to them.
            "log.cleaner.min.compaction.lag.ms",
            DAY,
            // What closes the windows in the end is ahead of the clock, and so is what Kafka Streams then writes.
            "log.message.timestamp.after.max.ms",
            DAY);

    /** Of Tally, in seconds, which writes nothing before. */
    private static final int CHECKPOINT_INTERVAL = 30;
    /** Windows that are open for longer, in seconds, do not close in a run anyway. */
    private static final int LONG = 120;
    /** In seconds: what commits once a second is seldom less than one behind, if a commit takes its time. */
    private static final int BEHIND = 3;
    /** In seconds of event time: what closes the windows is to be in none of them. */
    private static final int DISTANCE = 60;

    private static final int SECONDS = Latency.SECONDS;
    private static final Duration POLL = Duration.ofMillis(200);
    /** So much slower are lines for sessions: more than that Kafka Streams, which searches its cache, falls behind. */
    private static final int SESSION_PACE = 5;

    private static final int FEW_KEYS = 1_000;
    private static final int MANY_KEYS = 100_000;

    public static Map<String, Part> parts(int linesPerSecond) {
        int forSessions = Math.max(1, linesPerSecond / SESSION_PACE);
        Map<String, Part> parts = new LinkedHashMap<>();
        Stream.of(
                        of("state-hour", linesPerSecond, FEW_KEYS, IpWindows.tumbling(3_600)),
                        of("state-hour-many-keys", linesPerSecond, MANY_KEYS, IpWindows.tumbling(3_600)),
                        of("state-hopping", linesPerSecond, FEW_KEYS, IpWindows.hopping(60, 5)),
                        of("state-session", forSessions, FEW_KEYS, IpWindows.session(5)),
                        of("state-session-many-keys", forSessions, MANY_KEYS, IpWindows.session(5)),
                        of(
                                "state-session-updates",
                                forSessions,
                                FEW_KEYS,
                                IpWindows.session(5).withUpdates(),
                                "emit-interval=1s"),
                        of(
                                "state-updates",
                                linesPerSecond,
                                FEW_KEYS,
                                IpWindows.DEFAULT.withUpdates(),
                                "emit-interval=0s",
                                "emit-interval=1s"))
                .forEach(part -> parts.put(part.name, part));
        return parts;
    }

    /** @param settings of Tally, each of which it also runs with */
    private static StateTraffic of(String name, int linesPerSecond, int ips, IpWindows windows, String... settings) {
        Contender tally = Contender.tally(windows);
        Stream<Contender> others = Arrays.stream(settings)
                .map(setting -> Contender.tally(windows, setting).named(tally.name() + ", " + setting));
        return new StateTraffic(
                name,
                linesPerSecond,
                ips,
                windows,
                Stream.concat(Stream.of(tally), others).toList());
    }

    @Override
    public String measure(Bench bench) throws Exception {
        bench.configureBroker(BROKER);
        List<Contender> peers = List.of(
                Contender.streams(windows).named("Kafka Streams, commits every second, cache of 256 MB"),
                Contender.streams(windows, STREAMS_DEFAULTS)
                        .named("Kafka Streams, commits every 100 ms, cache of 10 MB"));
        List<Contender> contenders =
                Stream.concat(tallies.stream(), peers.stream()).toList();
        Rounds<StateMeasurement> rounds = new Rounds<>();
        for (int round = 1; round <= Bench.ROUNDS; round++) {
            for (Contender contender : Contender.inRound(round, contenders)) {
                String id = "bench-" + name + "-" + contenders.indexOf(contender) + "-" + round;
                StateMeasurement measurement = measure(bench, contender, id);
                bench.keep(name, measurement);
                rounds.add(contender.name(), measurement);
            }
        }
        return report(rounds, kinder(rounds, peers));
    }

    private StateMeasurement measure(Bench bench, Contender contender, String id) throws Exception {
        try (LiveRun run = new LiveRun(bench, contender, id, linesPerSecond, ips)) {
            run.start();
            run.awaitLive(BEHIND);
            run.awaitLines(warmUp());
            long began = System.nanoTime();
            long lines = run.lines();
            Map<String, Long> before = run.stateBytes();
            run.awaitLines(SECONDS);
            Map<String, Long> bytes = new HashMap<>(run.stateBytes());
            before.forEach((topic, size) -> bytes.merge(topic, -size, Long::sum));
            StateMeasurement measurement =
                    new StateMeasurement(contender.name(), run.lines() - lines, Moment.secondsSince(began), bytes);
            // Neither a backlog nor a loss makes for little state.
            run.awaitLive(BEHIND);
            requireAllCounted(bench, run, contender);
            return measurement;
        }
    }

    /** Until Tally writes checkpoints, and windows close, if they do. */
    private int warmUp() {
        return CHECKPOINT_INTERVAL + (windows.open() <= LONG ? windows.open() : 0);
    }

    private void requireAllCounted(Bench bench, LiveRun run, Contender contender) throws InterruptedException {
        run.drain(windows.open() + DISTANCE);
        LastCounts counts = new LastCounts(run.source().lastSecond());
        long end = bench.end(run.sink(), Bench.PARTITIONS);
        try (KafkaConsumer<byte[], byte[]> consumer = bench.sinkConsumer(run.sink(), Bench.PARTITIONS)) {
            run.until("all of the sink", () -> {
                for (ConsumerRecord<byte[], byte[]> row : consumer.poll(POLL)) {
                    counts.add(row.value());
                }
                return end
                        <= consumer.assignment().stream()
                                .mapToLong(consumer::position)
                                .sum();
            });
        }
        // One line in each partition closes the windows.
        long expected = (run.lines() - Bench.PARTITIONS) * windows.copies();
        if (counts.sum() != expected) {
            throw new IllegalStateException(
                    contender.name() + " has counted " + counts.sum() + " where it should have " + expected);
        }
    }

    /** Whichever of the peers has written less. */
    private static String kinder(Rounds<StateMeasurement> rounds, List<Contender> peers) {
        return peers.stream()
                .map(Contender::name)
                .min(Comparator.comparingDouble(peer -> rounds.median(peer, StateMeasurement::bytesPerLine)))
                .orElseThrow();
    }

    private String report(Rounds<StateMeasurement> rounds, String base) {
        Markdown text = new Markdown()
                .paragraph("## %s: %,d lines/s, %,d IPs, %d partitions", name, linesPerSecond, ips, Bench.PARTITIONS)
                .paragraph(
                        "Bytes of the topics that hold state, nothing of which was compacted, while lines were written in"
                                + " real time, after %d s of warm-up. All lines were counted. Median of the rounds (smallest"
                                + " to largest).",
                        warmUp());
        text.head("To " + base + ", which wrote least of its kind", "bytes per line");
        rounds.ratios(text, base, StateMeasurement::bytesPerLine);
        text.end();
        text.head("", "bytes per line", "kB", "thousand lines", "s");
        rounds.figures(
                text,
                StateMeasurement::bytesPerLine,
                run -> run.all() / 1e3,
                run -> run.lines() / 1e3,
                StateMeasurement::seconds);
        return text.end().toString();
    }
}
