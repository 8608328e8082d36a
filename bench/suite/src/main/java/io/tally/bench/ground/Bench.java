package io.tally.bench.ground;

import static org.awaitility.Awaitility.await;

import io.tally.process.KafkaProcess;
import io.tally.testkafka.Answers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the parts of the suite share: a broker, a place for files, and the settings, whose defaults are in the suite's
 * pom.
 */
public record Bench(KafkaProcess broker, Admin admin, Path directory) {
    /** Of a source, unless a part says otherwise. */
    public static final int PARTITIONS = 4;

    public static final int ROUNDS = Integer.getInteger("bench.rounds");
    /** Of each system, for {@code -Xmx}. */
    public static final String HEAP = System.getProperty("bench.heap");

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(20);

    /** Keeps and shows a single result. */
    public void keep(String part, Record result) throws IOException {
        System.out.printf("%s: %s%n", part, result);
        append(new Kept(part, Instant.now(), result));
    }

    /** Keeps what all results to come are of. */
    public void keep(Record setup) throws IOException {
        append(setup);
    }

    private void append(Record line) throws IOException {
        Files.writeString(
                raw(),
                new JsonMapper().writeValueAsString(line) + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    /**
     * Creates topics and waits until each partition takes records. What is sent before may be refused; were more under
     * way, it would come into a wrong order, which its producer, being idempotent, never gets over.
     */
    public void create(NewTopic... topics) {
        Answers.get(admin.createTopics(List.of(topics)).all());
        for (NewTopic topic : topics) {
            // Only a partition's leader knows its end; the client gives up at once where the topic is not known yet.
            await("the leaders of " + topic.name())
                    .atMost(PATIENCE)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(POLL)
                    .ignoreExceptionsMatching(e -> e.getCause() instanceof RetriableException)
                    .until(() -> end(topic.name(), topic.numPartitions()) == 0);
        }
    }

    /** How many records a topic has, or had. */
    public long end(String topic, int partitions) {
        return Answers.get(admin.listOffsets(partitions(topic, partitions)
                                .collect(Collectors.toMap(Function.identity(), partition -> OffsetSpec.latest())))
                        .all())
                .values()
                .stream()
                .mapToLong(ListOffsetsResult.ListOffsetsResultInfo::offset)
                .sum();
    }

    private static Stream<TopicPartition> partitions(String topic, int partitions) {
        return IntStream.range(0, partitions).mapToObj(partition -> new TopicPartition(topic, partition));
    }

    /** What topics take on the broker's disk. */
    public Map<String, Long> bytes(Set<String> topics) {
        return Answers.get(admin.describeLogDirs(List.of(KafkaProcess.NODE)).allDescriptions()).values().stream()
                .flatMap(directories -> directories.values().stream())
                .flatMap(logs -> logs.replicaInfos().entrySet().stream())
                .filter(log -> topics.contains(log.getKey().topic()))
                .collect(Collectors.groupingBy(
                        log -> log.getKey().topic(),
                        Collectors.summingLong(log -> log.getValue().size())));
    }

    /** Changes settings of the broker, for all parts to come. */
    public void configureBroker(Map<String, String> settings) {
        ConfigResource allBrokers = new ConfigResource(ConfigResource.Type.BROKER, "");
        List<AlterConfigOp> changes = settings.entrySet().stream()
                .map(setting -> new ConfigEntry(setting.getKey(), setting.getValue()))
                .map(setting -> new AlterConfigOp(setting, AlterConfigOp.OpType.SET))
                .toList();
        Answers.get(admin.incrementalAlterConfigs(Map.of(allBrokers, changes)).all());
    }

    /** All topics but the broker's own. */
    public Set<String> topics() {
        return Answers.get(admin.listTopics().names()).stream()
                .filter(topic -> !topic.startsWith("__"))
                .collect(Collectors.toSet());
    }

    /** The topics that have come since there were only these. */
    public Set<String> topicsSince(Set<String> before) {
        Set<String> topics = topics();
        topics.removeAll(before);
        return topics;
    }

    /** Deletes the topics that have come since there were only these. */
    public void deleteTopicsSince(Set<String> before) {
        Answers.get(admin.deleteTopics(topicsSince(before)).all());
    }

    /** A consumer at the beginning of a sink, which reads what is committed. */
    public KafkaConsumer<byte[], byte[]> sinkConsumer(String sink, int partitions) {
        KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        broker.address(),
                        "isolation.level",
                        "read_committed",
                        "max.poll.records",
                        50_000),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        consumer.assign(partitions(sink, partitions).toList());
        consumer.seekToBeginning(consumer.assignment());
        return consumer;
    }

    /** The setup, and all single results with the time of their end, a line of JSON each. */
    public Path raw() {
        return directory.resolve("raw.jsonl");
    }

    private record Kept(String part, Instant at, Record result) {}
}
