package io.tally.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.utils.AppInfoParser;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tally beside a bare loop, a consumer that only reads, and Kafka Streams: the same source, the same broker, the same
 * heap, in turn. Settings, with their defaults, are in the profile {@code bench} of the pom.
 */
final class Benchmarks {
    private static final int PARTITIONS = 4;
    private static final String HEAP = System.getProperty("bench.heap");
    private static final int ROUNDS = Integer.getInteger("bench.rounds");
    private static final int LINES = Integer.getInteger("bench.lines");
    private static final int MANY_KEYS_LINES = Integer.getInteger("bench.many-keys-lines");
    private static final String SYSTEMS = System.getProperty("bench.systems");

    private static final List<Contender> CONTENDERS = List.of(
            Contender.bareLoop(),
            Contender.readOnly(),
            Contender.tally(1),
            Contender.tally(2),
            Contender.streams(1, true),
            Contender.streams(2, true),
            Contender.streams(2, false));

    private Benchmarks() {}

    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of("target", "bench", String.valueOf(System.nanoTime())).toAbsolutePath();
        Files.createDirectories(directory);
        Path raw = directory.resolve("raw.jsonl");
        StringBuilder report = new StringBuilder(machine());
        try (KafkaProcess broker = KafkaProcess.start(directory);
                Admin admin = broker.admin()) {
            for (BenchData data : data(broker, admin)) {
                FullSource source = new FullSource(broker, admin, data, directory, "-Xmx" + HEAP);
                BenchReport section = new BenchReport(data);
                for (int round = 1; round <= ROUNDS; round++) {
                    for (Contender contender : CONTENDERS) {
                        if (contender.name().matches(SYSTEMS)) {
                            Measurement measurement = source.run(contender);
                            System.out.printf("%s, round %d: %s%n", data.topic(), round, measurement);
                            section.add(measurement);
                            Files.writeString(
                                    raw,
                                    new JsonMapper().writeValueAsString(measurement) + "\n",
                                    StandardOpenOption.CREATE,
                                    StandardOpenOption.APPEND);
                        }
                    }
                }
                report.append(section.markdown());
            }
        }
        Files.writeString(directory.resolve("report.md"), report);
        System.out.println(report);
        System.out.println("Written to " + directory.resolve("report.md") + "; every single run: " + raw);
    }

    private static List<BenchData> data(KafkaProcess broker, Admin admin) throws Exception {
        BenchData few = LINES == 0
                ? null
                : BenchData.write(broker.address(), admin, "few-keys", PARTITIONS, LINES, 1_000);
        BenchData many = MANY_KEYS_LINES == 0
                ? null
                : BenchData.write(broker.address(), admin, "many-keys", PARTITIONS, MANY_KEYS_LINES, 1_000_000);
        return Stream.of(few, many).filter(data -> data != null).toList();
    }

    private static String machine() {
        return "%d processors shared by all, Java %s, Kafka %s, heap %s, %d rounds%n%n"
                .formatted(
                        Runtime.getRuntime().availableProcessors(),
                        System.getProperty("java.version"),
                        AppInfoParser.getVersion(),
                        HEAP,
                        ROUNDS);
    }
}
