package io.tally.bench;

import io.tally.bench.contender.Contender;
import io.tally.bench.ground.Bench;
import io.tally.bench.part.FirstMinutes;
import io.tally.bench.part.FullSource;
import io.tally.bench.part.Latency;
import io.tally.bench.part.Part;
import io.tally.bench.part.Recovery;
import io.tally.bench.part.Scale;
import io.tally.bench.part.StartUp;
import io.tally.bench.part.StateTraffic;
import io.tally.bench.part.Throughput;
import io.tally.bench.source.BenchData;
import io.tally.bench.source.RecordFormat;
import io.tally.bench.source.SourceSpec;
import io.tally.process.KafkaProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;

/**
 * Tally beside a bare loop, a consumer that only reads, and its peers: the same source, the same broker, the same heap,
 * in turn.
 */
final class Benchmarks {
    /** Milliseconds. More often would cost throughput, which these parts are about. */
    private static final int FLINK_CHECKPOINTS = 5_000;

    /** So much slower than the other paced parts, since Kafka Streams changes twelve rows a line in one of these. */
    private static final int STATE_PACE = 4;

    /** Of the live page; more than a team. */
    private static final int VIEWERS = 50;

    private static final int WARM_UP_LINES = 3_000_000;

    private Benchmarks() {}

    public static void main(String[] arguments) throws Exception {
        Path directory =
                Path.of("target", "bench", String.valueOf(System.nanoTime())).toAbsolutePath();
        Files.createDirectories(directory);
        Map<String, Part> parts = wanted();
        Path report = directory.resolve("report.md");
        Setup setup = Setup.find();
        write(report, setup.markdown());
        boolean failed = false;
        try (KafkaProcess broker = KafkaProcess.start(directory);
                Admin admin = broker.admin()) {
            Bench bench = new Bench(broker, admin, directory);
            bench.keep(setup);
            warmUp(bench);
            for (Map.Entry<String, Part> part : parts.entrySet()) {
                try {
                    write(report, part.getValue().measure(bench));
                } catch (Exception e) {
                    // What others have measured in hours is still worth something.
                    write(report, "## " + part.getKey() + "\n\n**FAILED**: " + e + "\n\n");
                    e.printStackTrace();
                    failed = true;
                }
            }
            System.out.println("Written to " + report + "; every single run: " + bench.raw());
        }
        if (failed) {
            throw new IllegalStateException("not all parts could be measured");
        }
    }

    private static void write(Path report, String section) throws IOException {
        System.out.println(section);
        Files.writeString(report, section, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static Map<String, Part> wanted() {
        String wanted = System.getProperty("bench.parts");
        Map<String, Part> parts = parts();
        Set<String> names = Set.copyOf(parts.keySet());
        parts.keySet().removeIf(name -> !name.matches(wanted));
        if (parts.isEmpty()) {
            throw new IllegalArgumentException("bench.parts=" + wanted + " is none of " + names);
        }
        return parts;
    }

    /** Otherwise the first system would pay for the broker's compilation, and the others be flattered by it. */
    private static void warmUp(Bench bench) throws Exception {
        SourceSpec source = SourceSpec.of("warm-up", RecordFormat.TEXT, WARM_UP_LINES, 1_000);
        BenchData data = BenchData.write(bench, source);
        new FullSource(bench, data, FullSource.End.LAST_LINE).run(Contender.bareLoop());
        bench.admin().deleteTopics(List.of(source.topic())).all().get();
    }

    private static Map<String, Part> parts() {
        Map<String, Part> parts = new LinkedHashMap<>();
        parts.put("few-keys", all("few-keys", Integer.getInteger("bench.lines"), 1_000));
        parts.put("many-keys", all("many-keys", Integer.getInteger("bench.many-keys-lines"), 1_000_000));
        parts.put("json", json(Integer.getInteger("bench.json-records")));
        parts.putAll(Scale.parts());
        int pace = Integer.getInteger("bench.lines-per-second");
        parts.put("latency", new Latency("latency", pace, 1_000, Latency.ALL));
        parts.put("latency-quiet", new Latency("latency-quiet", 1, 1, Latency.WITH_IDLE_PARTITIONS));
        parts.put("first-minutes", new FirstMinutes("first-minutes", pace, 1_000));
        parts.put("viewers", new Latency("viewers", pace, 1_000, watchedOrNot()));
        parts.put("viewers-full", viewersOfFullSource(Integer.getInteger("bench.lines")));
        parts.putAll(StateTraffic.parts(Math.max(1, pace / STATE_PACE)));
        parts.put("recovery", new Recovery(pace, 1_000));
        parts.put("start-up", new StartUp());
        return parts;
    }

    private static Part all(String topic, int lines, int ips) {
        return new Throughput(
                SourceSpec.of(topic, RecordFormat.TEXT, lines, ips),
                FullSource.End.LAST_LINE,
                List.of(
                        Contender.bareLoop(),
                        Contender.readOnly(),
                        Contender.tally(1),
                        Contender.tally(2),
                        Contender.streams(1, true),
                        Contender.streams(2, true),
                        Contender.streams(1, false),
                        Contender.streams(2, false),
                        Contender.flink(1, FLINK_CHECKPOINTS),
                        Contender.flink(2, FLINK_CHECKPOINTS)));
    }

    private static Part viewersOfFullSource(int lines) {
        return new Throughput(
                SourceSpec.of("viewers-full", RecordFormat.TEXT, lines, 1_000),
                FullSource.End.LAST_LINE,
                watchedOrNot());
    }

    private static List<Contender> watchedOrNot() {
        return List.of(Contender.tally(1), Contender.tally(1).watchedBy(VIEWERS));
    }

    private static Part json(int records) {
        return new Throughput(
                SourceSpec.of("json", RecordFormat.JSON, records, 1_000),
                FullSource.End.LAST_LINE,
                List.of(Contender.bareLoop(), Contender.readOnly(), Contender.tally(1), Contender.tally(2)));
    }
}
