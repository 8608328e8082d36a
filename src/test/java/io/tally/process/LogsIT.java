package io.tally.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the packaged application logs while records are bad by the thousand and things go wrong: little, and no data.
 */
@Timeout(300)
class LogsIT {
    private static final int BAD = 100_000;
    private static final int MOST_LINES = 100;
    private static final String NEEDLE = "needle";
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd_HH:mm:ss").withZone(ZoneOffset.UTC);

    @Test
    void areShortAndFreeOfDataAndCanBeJson() throws Exception {
        Path directory =
                Path.of("target", "process", "Logs-" + System.nanoTime()).toAbsolutePath();
        try (KafkaProcess broker = KafkaProcess.start(directory);
                IpCountTopics topics = new IpCountTopics(broker, 2);
                KafkaProducer<String, String> source = producer(broker.address())) {
            try (TallyProcess process =
                    TallyProcess.start(directory, broker.address(), "a", "--logging.structured.format.console=ecs")) {
                process.awaitActive(2);
                everyKindOfBadRecord(source);
                assertThat(topics.sourceEnd()).isEqualTo(BAD);
                awaitMetric(process, "tally_dead_letters_total", BAD);
                lateRecords(source, process);
                failedTransaction(source, broker, process);
                keyInTwoPartitions(source, process);
                process.stop();

                List<String> lines = process.process().output().lines().toList();
                assertThat(lines).hasSizeLessThanOrEqualTo(MOST_LINES);
                assertThat(lines).noneMatch(line -> line.contains(NEEDLE));
                List<JsonNode> events =
                        lines.stream().map(new JsonMapper()::readTree).toList();
                assertThat(events)
                        .allMatch(event -> !event.at("/@timestamp").isMissingNode()
                                && !event.at("/log/level").isMissingNode()
                                && !event.at("/log/logger").isMissingNode()
                                && event.at("/service/name").asString("").equals("tally"));
                assertThat(warnings(events))
                        .as("the flood, late records, a failed transaction, a key in two partitions")
                        .anyMatch(text -> text.contains("reason BAD_TIMESTAMP"))
                        .anyMatch(text -> text.contains("of its latest"))
                        .anyMatch(text -> text.contains("a transaction failed"))
                        .anyMatch(text -> text.contains("came in partitions [0, 1]"));
            }
        }
    }

    private static List<String> warnings(List<JsonNode> events) {
        return events.stream()
                .filter(event -> event.at("/log/level").asString().equals("WARN"))
                .map(event -> event.at("/message").asString())
                .toList();
    }

    private static void everyKindOfBadRecord(KafkaProducer<String, String> source) {
        String now = TIME.format(Instant.now());
        for (int i = 0; i < BAD; i++) {
            String ip = NEEDLE + "-" + i;
            switch (i % 8) {
                case 0 -> send(source, null, ip, ip + " is not a log line");
                case 1 -> send(source, null, ip, "2026-13-45_99:99:99 " + ip);
                case 2 -> send(source, null, NEEDLE, now + " " + ip);
                case 3 -> send(source, null, null, now + " " + ip);
                case 4 -> send(source, null, ip, null);
                case 5 -> send(source, null, ip, "1970-01-01_00:00:00 " + ip);
                case 6 -> send(source, null, ip.repeat(200), now + " " + ip.repeat(200));
                default -> send(source, null, ip, now + " " + ip + "\n" + now + " " + ip);
            }
        }
        source.flush();
    }

    /** A record far ahead closes windows; then nearly all are late. */
    private static void lateRecords(KafkaProducer<String, String> source, TallyProcess process) {
        Instant now = Instant.now();
        for (int partition = 0; partition < 2; partition++) {
            String ip = NEEDLE + "-" + partition;
            send(source, partition, ip, TIME.format(now.plusSeconds(3_600)) + " " + ip);
            for (int i = 0; i < 2_000; i++) {
                send(source, partition, ip, TIME.format(now) + " " + ip);
            }
        }
        awaitMetric(process, "tally_partitions_uncounted", 2);
    }

    private static void failedTransaction(
            KafkaProducer<String, String> source, KafkaProcess broker, TallyProcess process) throws Exception {
        try (Admin admin = broker.admin()) {
            admin.fenceProducers(List.of("tally-ip-count:a:0")).all().get();
        }
        send(source, 0, NEEDLE + "-0", TIME.format(Instant.now()) + " " + NEEDLE + "-0");
        awaitMetric(process, "tally_restore_seconds_count", 4);
    }

    private static void keyInTwoPartitions(KafkaProducer<String, String> source, TallyProcess process) {
        String time = TIME.format(Instant.now().plusSeconds(3_600));
        // Of many records it looks at one in sixteen.
        for (int i = 0; i < 400; i++) {
            send(source, i % 2, NEEDLE + "-spread", time + " " + NEEDLE + "-spread");
        }
        // The other partition is refused with its next record.
        awaitMetric(process, "tally_refusals_total", 1);
    }

    private static void awaitMetric(TallyProcess process, String name, double least) {
        await(name).atMost(PATIENCE).pollInterval(Duration.ofMillis(100)).until(() -> process.metric(name) >= least);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // what is missing is waited for in vain
    private static void send(
            KafkaProducer<String, String> source,
            @Nullable Integer partition,
            @Nullable String key,
            @Nullable String value) {
        source.send(new ProducerRecord<>(IpCountTopics.SOURCE, partition, key, value));
    }

    private static KafkaProducer<String, String> producer(String broker) {
        return new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, broker),
                new StringSerializer(),
                new StringSerializer());
    }
}
