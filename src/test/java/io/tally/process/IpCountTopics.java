package io.tally.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tally.testkafka.Answers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.springframework.kafka.support.KafkaHeaders;

/** The topics of the default pipeline on a broker, and a recount of their content. */
public final class IpCountTopics implements AutoCloseable {
    static final String SOURCE = "ip_count_source";
    static final String SINK = "ip_count_sink";
    private static final String LATE = "ip_count_source-ip-count-late";
    private static final String DEAD_LETTERS = "ip_count_source-ip-count-dlt";
    private static final String STATE = "tally-ip-count-ip_count_source-state";
    static final String GROUP = "tally-ip-count";

    private final String broker;
    private final Admin admin;
    private final int partitions;

    IpCountTopics(KafkaProcess broker, int partitions) {
        this.broker = broker.address();
        this.partitions = partitions;
        admin = broker.admin();
        create(SOURCE);
        create(SINK);
    }

    void create(String topic) {
        Answers.get(admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1)))
                .all());
    }

    /** How many offsets are committed, all partitions together; does not wait for pending transactions. */
    public long committed() {
        return committed(GROUP);
    }

    public long committed(String group) {
        return committed(admin, group);
    }

    /** Sum of the offsets that a group has committed, pending ones as they were before. */
    public static long committed(Admin admin, String group) {
        return offsets(admin, group, false).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    /** The same, of one topic only. */
    public static long committed(Admin admin, String group, String topic) {
        return offsets(admin, group, false).entrySet().stream()
                .filter(offset -> offset.getKey().topic().equals(topic))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /** How many records the source has. */
    long sourceEnd() {
        long end = 0;
        for (int partition = 0; partition < partitions; partition++) {
            end += end(new TopicPartition(SOURCE, partition));
        }
        return end;
    }

    public static Map<TopicPartition, Long> offsets(Admin admin, String group, boolean stable) {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        Answers.get(admin.listConsumerGroupOffsets(group, new ListConsumerGroupOffsetsOptions().requireStable(stable))
                        .partitionsToOffsetAndMetadata())
                .forEach((partition, offset) -> {
                    if (offset != null) {
                        offsets.put(partition, offset.offset());
                    }
                });
        return offsets;
    }

    /** Waits until this many more offsets are committed. */
    void awaitCommits(long more) {
        long goal = committed() + more;
        await("committed offsets")
                .atMost(Duration.ofSeconds(90))
                // Each look costs the broker as much as a small transaction.
                .pollInterval(Duration.ofMillis(25))
                .until(() -> committed() >= goal);
    }

    void awaitProcessed(Duration patience) {
        Map<TopicPartition, Long> ends = new HashMap<>();
        for (int partition = 0; partition < partitions; partition++) {
            TopicPartition source = new TopicPartition(SOURCE, partition);
            ends.put(source, end(source));
        }
        await("the end of the source")
                .atMost(patience)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> offsets(admin, GROUP, true), ends::equals);
    }

    long stateRecords() {
        long records = 0;
        for (int partition = 0; partition < partitions; partition++) {
            records += read(new TopicPartition(STATE, partition), record -> {});
        }
        return records;
    }

    /**
     * Counts again from the source and compares, partition by partition: the rows in their order, the late records, the
     * dead letters. Source and sink have as many partitions and the same partitioner, so the rows of a source partition
     * are those of the sink partition of that number.
     *
     * @return number of rows
     */
    long audit() {
        long rows = 0;
        for (int partition = 0; partition < partitions; partition++) {
            IpCounts expected = new IpCounts(false);
            read(new TopicPartition(SOURCE, partition), expected::add);
            List<String> written = new ArrayList<>();
            read(new TopicPartition(SINK, partition), record -> written.add(text(record.value())));
            assertSame("rows of partition " + partition, written, expected.rows());
            assertSame("late records of partition " + partition, origins(LATE, partition), expected.late());
            assertSame("dead letters of partition " + partition, origins(DEAD_LETTERS, partition), expected.dead());
            rows += written.size();
        }
        assertThat(rows).as("rows").isPositive();
        return rows;
    }

    /**
     * Counts again from the source and compares, for a pipeline with a shuffle: rows of all partitions together. Waits
     * for as many rows as there must be.
     *
     * @return number of rows
     */
    long auditShuffled(Duration patience) {
        List<IpCounts> expected = new ArrayList<>();
        for (int partition = 0; partition < partitions; partition++) {
            IpCounts counts = new IpCounts(true);
            read(new TopicPartition(SOURCE, partition), counts::add);
            assertSame("late records of partition " + partition, origins(LATE, partition), counts.late());
            assertSame("dead letters of partition " + partition, origins(DEAD_LETTERS, partition), counts.dead());
            expected.add(counts);
        }
        List<String> rows = IpCounts.shuffledRows(expected);
        assertThat(rows).as("rows").isNotEmpty();
        await(rows.size() + " rows")
                .atMost(patience)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> rows().size() >= rows.size());
        assertSame("rows", rows(), rows);
        return rows.size();
    }

    private List<String> rows() {
        List<String> rows = new ArrayList<>();
        for (int partition = 0; partition < partitions; partition++) {
            read(new TopicPartition(SINK, partition), record -> rows.add(text(record.value())));
        }
        Collections.sort(rows);
        return rows;
    }

    /** Names the first difference; the lists are too long to show. */
    private static <T> void assertSame(String what, List<T> actual, List<T> expected) {
        for (int i = 0; i < Math.min(actual.size(), expected.size()); i++) {
            assertThat(actual.get(i)).as("%s: number %d", what, i).isEqualTo(expected.get(i));
        }
        assertThat(actual).as(what).hasSameSizeAs(expected);
    }

    private List<Long> origins(String topic, int partition) {
        List<Long> offsets = new ArrayList<>();
        read(
                new TopicPartition(topic, partition),
                record -> offsets.add(ByteBuffer.wrap(record.headers()
                                .lastHeader(KafkaHeaders.DLT_ORIGINAL_OFFSET)
                                .value())
                        .getLong()));
        return offsets;
    }

    /** Everything committed, up to the high watermark: an open transaction would be waited for. Gives the number. */
    private long read(TopicPartition partition, Consumer<ConsumerRecord<byte[], byte[]>> action) {
        long end = end(partition);
        long records = 0;
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long deadline = System.nanoTime() + Duration.ofSeconds(120).toNanos();
            while (consumer.position(partition) < end) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    action.accept(record);
                    records++;
                }
                if (System.nanoTime() > deadline) {
                    throw new AssertionError(partition + " cannot be read beyond " + consumer.position(partition)
                            + " of " + end + ": a transaction hangs");
                }
            }
        }
        return records;
    }

    private long end(TopicPartition partition) {
        return Answers.get(admin.listOffsets(
                                Map.of(partition, OffsetSpec.latest()),
                                new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
                        .partitionResult(partition))
                .offset();
    }

    KafkaConsumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        broker,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                        20_000,
                        ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                        20),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        admin.close();
    }
}
