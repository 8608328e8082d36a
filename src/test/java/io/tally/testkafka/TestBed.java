package io.tally.testkafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tally.checkpoint.CommitMetadata;
import io.tally.kafka.client.ClientSettings;
import io.tally.plan.KafkaPipeline;
import io.tally.plan.Topics;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.springframework.kafka.support.KafkaHeaders;

/** One test's topics, input and instances on the shared broker, and the proof at its end: {@link #assertExact}. */
public final class TestBed implements BeforeEachCallback, AfterEachCallback {
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final Duration PATIENCE = Duration.ofSeconds(45);

    /** What was committed for a partition. */
    public record Progress(long offset, CommitMetadata metadata) {}

    public final LinesPipeline pipeline = new LinesPipeline();
    /** Settings of the instances to come, over those of all tests. */
    public final Map<String, Object> consumerSettings = new HashMap<>();

    public final Map<String, Object> producerSettings = new HashMap<>();
    /** How the instances to come reach the broker, of all their clients; empty as all tests do. */
    public final Map<String, Object> connection = new HashMap<>();

    private final int partitions;
    private final Map<String, String> sourceConfig;
    private final List<Instance> instances = new ArrayList<>();
    private final List<Input> inputs = new ArrayList<>();
    private @Nullable Supplier<Broker> ownBroker;
    private @Nullable Broker broker;
    private String name = "";

    public TestBed(int partitions) {
        this(partitions, Map.of());
    }

    public TestBed(int partitions, Map<String, String> sourceConfig) {
        this.partitions = partitions;
        this.sourceConfig = sourceConfig;
    }

    /** On another broker than the one that all tests share. */
    public TestBed on(Supplier<Broker> own) {
        ownBroker = own;
        return this;
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        broker = ownBroker == null ? Broker.of(context) : ownBroker.get();
        name = "t" + COUNT.incrementAndGet();
        createSource(partitions);
        create(new NewTopic(topics().sink(), 2, (short) 1));
    }

    @Override
    public void afterEach(ExtensionContext context) {
        stopAll();
        inputs.forEach(Input::close);
    }

    /** All instances, none of which has faults any more. */
    public void stopAll() {
        instances.forEach(instance -> instance.faults().heal());
        instances.forEach(Instance::stop);
    }

    private Broker broker() {
        if (broker == null) {
            throw new IllegalStateException("the test has not begun");
        }
        return broker;
    }

    public Admin admin() {
        return broker().admin();
    }

    public String bootstrap() {
        return broker().bootstrap();
    }

    public Log log() {
        return new Log(broker());
    }

    public String groupId() {
        return name + "-group";
    }

    public Topics topics() {
        return new Topics(name + "-source", name + "-sink", name + "-late", name + "-dlt", name + "-state");
    }

    public void createSource(int count) {
        create(new NewTopic(topics().source(), count, (short) 1).configs(sourceConfig));
    }

    public void create(NewTopic topic) {
        Answers.get(admin().createTopics(List.of(topic)).all());
    }

    /** Writes the source without transactions. */
    public Input input() {
        return input(null);
    }

    public Input input(@Nullable String transactionalId) {
        Input input = new Input(bootstrap(), topics().source(), partitions, name.hashCode(), transactionalId);
        inputs.add(input);
        return input;
    }

    /** An instance of the pipeline as it is configured now; not started yet. */
    public Instance instance(String id) {
        return instance(pipeline.build(groupId(), id, topics()));
    }

    /** An instance that has all partitions and works on them. */
    public Instance started(String id) {
        return instance(id).start().awaitActive(partitions);
    }

    public Instance instance(KafkaPipeline built) {
        return instance(List.of(built));
    }

    public Instance instance(List<KafkaPipeline> built) {
        Instance instance = new Instance(built, settings(), new Faults());
        instances.add(instance);
        return instance;
    }

    /** As in production, but with shorter times and smaller batches. */
    public ClientSettings settings() {
        Map<String, Object> consumer = new HashMap<>(Map.of(
                // Fewer than a transaction takes, so that it takes several polls.
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                40,
                ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                20,
                ConsumerConfig.METADATA_MAX_AGE_CONFIG,
                500));
        if (!"consumer".equals(consumerSettings.get(ConsumerConfig.GROUP_PROTOCOL_CONFIG))) {
            consumer.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 3_000);
            consumer.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 300);
        }
        consumer.putAll(consumerSettings);
        Map<String, Object> producer = new HashMap<>(Map.of(
                // Long: a test that waited for it to pass would fail.
                ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                60_000,
                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                2_000,
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                4_000,
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                2_000,
                ProducerConfig.LINGER_MS_CONFIG,
                0));
        producer.putAll(producerSettings);
        ClientSettings settings = PackagedClients.with(bootstrap(), consumer, producer);
        return new ClientSettings(
                connected(settings.consumer()),
                connected(settings.producer()),
                connected(settings.admin()),
                settings.addressProperty(),
                settings.protocolProperty());
    }

    private Map<String, Object> connected(Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>(settings);
        all.putAll(connection);
        return all;
    }

    /** The pipeline's committed offsets, those on which no transaction is pending. */
    public Map<Integer, OffsetAndMetadata> committed() {
        Map<Integer, OffsetAndMetadata> offsets = new TreeMap<>();
        Answers.get(admin().listConsumerGroupOffsets(
                                groupId(), new ListConsumerGroupOffsetsOptions().requireStable(true))
                        .partitionsToOffsetAndMetadata())
                .forEach((partition, offset) -> {
                    if (offset != null && partition.topic().equals(topics().source())) {
                        offsets.put(partition.partition(), offset);
                    }
                });
        return offsets;
    }

    /** What is committed for a partition; waits for it, since the admin client leaves out what is pending. */
    public OffsetAndMetadata committed(int partition) {
        return await("a committed offset of partition " + partition)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> committed().get(partition), Objects::nonNull);
    }

    /** The same, read. */
    public Progress progress(int partition) {
        OffsetAndMetadata offset = committed(partition);
        return new Progress(offset.offset(), CommitMetadata.parse(offset.metadata()));
    }

    /** Waits until all records that the source holds are processed and committed; gives them. */
    public List<ConsumerRecord<byte[], byte[]>> awaitProcessed() {
        List<ConsumerRecord<byte[], byte[]>> source = log().read(topics().source());
        Map<Integer, Long> ends = new HashMap<>();
        source.forEach(record -> ends.merge(record.partition(), record.offset() + 1, Math::max));
        await("the end of " + ends)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> isCommitted(ends));
        return source;
    }

    /**
     * Arguments of the whole application for a pipeline over this source, in windows of ten seconds.
     *
     * @param columns of the source's lines; {@code time} and {@code key} are among them
     */
    public List<String> arguments(String name, String group, String columns, String sink) {
        String prefix = "--tally.pipelines." + name + ".";
        return List.of(
                prefix + "group-id=" + group,
                prefix + "source.topic=" + topics().source(),
                prefix + "source.columns=" + columns,
                prefix + "timestamp.field=time",
                prefix + "timestamp.format=epoch-millis",
                prefix + "timestamp.max-ahead=36525d",
                prefix + "key.fields=key",
                prefix + "key.spread=ignore",
                prefix + "window.size=10s",
                prefix + "sink.topic=" + sink);
    }

    /** Whether all of a source without transactions is processed and committed. */
    public boolean isProcessed() {
        Map<Integer, Long> ends = new HashMap<>();
        for (int partition = 0; partition < partitions; partition++) {
            ends.put(partition, log().end(source(partition)));
        }
        return isCommitted(ends);
    }

    private boolean isCommitted(Map<Integer, Long> ends) {
        Map<Integer, OffsetAndMetadata> offsets = committed();
        return ends.entrySet().stream().allMatch(end -> {
            OffsetAndMetadata offset = offsets.get(end.getKey());
            return offset != null && offset.offset() >= end.getValue();
        });
    }

    /**
     * Waits until everything is processed. Then computes the right results again from the source, and compares rows,
     * late records, dead letters, and the ledger. Nothing is missing, nothing is there twice.
     */
    public void assertExact() {
        Map<Integer, Reference> expected = new TreeMap<>();
        awaitProcessed()
                .forEach(record -> expected.computeIfAbsent(record.partition(), p -> new Reference())
                        .add(record));
        List<String> rows = expected.values().stream()
                .flatMap(reference -> reference.rows.stream())
                .toList();
        List<String> written = rows();
        assertThat(minus(rows, written)).as("missing rows").isEmpty();
        assertThat(minus(written, rows)).as("rows too many").isEmpty();
        expected.forEach((partition, reference) -> {
            assertThat(origins(topics().late(), partition)).as("late records").isEqualTo(reference.late);
            assertThat(origins(topics().deadLetter(), partition))
                    .as("dead letters")
                    .isEqualTo(reference.dead);
            assertThat(progress(partition).metadata().ledger())
                    .as("ledger of partition %s", partition)
                    .isEqualTo(reference.ledger());
        });
    }

    /** The elements that the first list has more often than the second. */
    private static List<String> minus(List<String> minuend, List<String> subtrahend) {
        Map<String, Integer> counts = new TreeMap<>();
        minuend.forEach(row -> counts.merge(row, 1, Integer::sum));
        subtrahend.forEach(row -> counts.merge(row, -1, Integer::sum));
        return counts.entrySet().stream()
                .filter(row -> row.getValue() > 0)
                .map(row -> row.getKey() + " (" + row.getValue() + ")")
                .toList();
    }

    /** The sink's rows, sorted. */
    public List<String> rows() {
        return log().read(topics().sink()).stream()
                .map(record -> Log.text(record.value()))
                .sorted()
                .toList();
    }

    /** The source offsets of a partition's records in a side topic, in the order in which they stand there. */
    private List<Long> origins(String topic, int partition) {
        return log().read(topic).stream()
                .filter(record -> number(record, KafkaHeaders.DLT_ORIGINAL_PARTITION) == partition)
                .map(record -> number(record, KafkaHeaders.DLT_ORIGINAL_OFFSET))
                .toList();
    }

    private static long number(ConsumerRecord<byte[], byte[]> record, String header) {
        byte[] value = record.headers().lastHeader(header).value();
        return value.length == Integer.BYTES
                ? ByteBuffer.wrap(value).getInt()
                : ByteBuffer.wrap(value).getLong();
    }

    public TopicPartition source(int partition) {
        return new TopicPartition(topics().source(), partition);
    }

    private String describe() {
        return instances.stream().map(Instance::status).toList().toString();
    }
}
