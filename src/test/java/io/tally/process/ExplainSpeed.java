package io.tally.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import io.tally.command.CommandRun;
import io.tally.command.explain.Explain;
import io.tally.kafka.client.ClientSettings;
import io.tally.kafka.log.KafkaLogReader;
import io.tally.pipeline.log.LogReader;
import io.tally.pipeline.log.OffsetRange;
import io.tally.plan.PipelineDefinition;
import io.tally.testkafka.Log;
import io.tally.testkafka.PackagedClients;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import tools.jackson.databind.JsonNode;

/** What it takes to explain rows at random, in a JVM that is warm and does nothing else. */
final class ExplainSpeed {
    /** So many are explained before, and not measured. */
    private static final int WARM_UP = 30;

    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private final ClientSettings settings;
    private final PipelineDefinition pipeline = CommandRun.pipeline();
    private final Random random = new Random(42);
    private final List<Long> cpuMillis = new ArrayList<>();
    private final List<Long> millis = new ArrayList<>();
    private final List<Long> records = new ArrayList<>();

    private ExplainSpeed(String broker) {
        settings = PackagedClients.with(broker, Map.of(), Map.of());
    }

    /** Explains so many, each with the commit that brought it, and prints what that took. */
    static void measure(String broker, int rows) {
        ExplainSpeed speed = new ExplainSpeed(broker);
        for (int i = 0; i < WARM_UP + rows; i++) {
            if (i == WARM_UP) {
                speed.cpuMillis.clear();
                speed.millis.clear();
                speed.records.clear();
            }
            speed.explain();
        }
        System.out.printf(
                "%d rows explained, in the middle and at the 95th percentile: %s ms of CPU time, %s ms by the clock, %s"
                        + " records; load average %.1f%n",
                rows, of(speed.cpuMillis), of(speed.millis), of(speed.records), SYSTEM.getSystemLoadAverage());
    }

    private void explain() {
        String[] fields = row().split(" ");
        long cpu = SYSTEM.getProcessCpuTime();
        long begin = System.nanoTime();
        CommandRun run = CommandRun.of(
                new Explain(),
                pipeline,
                CommandRun.reading(new KafkaLogReader(settings, "explain")),
                Instant.now(),
                "--key=" + fields[1],
                "--window=" + LocalDateTime.parse(fields[0], IpCounts.TIME).toInstant(ZoneOffset.UTC),
                "--json");
        millis.add((System.nanoTime() - begin) / 1_000_000);
        cpuMillis.add((SYSTEM.getProcessCpuTime() - cpu) / 1_000_000);
        JsonNode answer = run.json();
        assertThat(answer.get("verdict").asString()).as(run.text()).isEqualTo("EXPLAINED");
        assertThat(answer.at("/rows/0/commit/offset").isNumber()).as(run.text()).isTrue();
        long read = 0;
        for (JsonNode range : answer.get("read")) {
            read += range.get("to").asLong() - range.get("from").asLong();
        }
        records.add(read);
    }

    private String row() {
        try (LogReader log = new KafkaLogReader(settings, "choose")) {
            int partition = random.nextInt(log.partitions(IpCountTopics.SINK));
            OffsetRange held = log.range(IpCountTopics.SINK, partition);
            long from = held.from() + (long) (random.nextDouble() * held.length());
            String[] found = {""};
            log.read(IpCountTopics.SINK, partition, new OffsetRange(from, held.to()), record -> {
                found[0] = Log.text(record.value().copy());
                return false;
            });
            return found[0].isEmpty() ? row() : found[0];
        }
    }

    private static String of(List<Long> numbers) {
        List<Long> sorted = new ArrayList<>(numbers);
        Collections.sort(sorted);
        return String.format("%,d and %,d", sorted.get(sorted.size() / 2), sorted.get(sorted.size() * 95 / 100));
    }
}
