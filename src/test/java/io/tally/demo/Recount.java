package io.tally.demo;

import io.tally.process.IpCounts;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads source and sink of the demo, counts the source again in the simplest way, and compares row by row. */
final class Recount implements AutoCloseable {
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final List<IpCounts> counts = new ArrayList<>();
    /** By partition, how many rows of the count were handed over. */
    private final int[] taken = new int[DemoBroker.PARTITIONS];

    private final RowComparison rows = new RowComparison();
    private final Thread thread = new Thread(this::read, "demo-recount");

    Recount(String bootstrapServers) {
        consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        thread.setDaemon(true);
    }

    void start() {
        List<TopicPartition> partitions = new ArrayList<>();
        for (int partition = 0; partition < DemoBroker.PARTITIONS; partition++) {
            counts.add(new IpCounts(false));
            partitions.add(new TopicPartition(DemoBroker.SOURCE, partition));
            partitions.add(new TopicPartition(DemoBroker.SINK, partition));
        }
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        thread.start();
    }

    private void read() {
        try (consumer) {
            while (true) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(500))) {
                    take(record);
                }
            }
        } catch (WakeupException e) {
            // The demo ends.
        }
    }

    private synchronized void take(ConsumerRecord<byte[], byte[]> record) {
        int partition = record.partition();
        if (record.topic().equals(DemoBroker.SINK)) {
            rows.written(partition, new String(record.value(), StandardCharsets.UTF_8));
            return;
        }
        IpCounts count = counts.get(partition);
        count.add(record);
        for (; taken[partition] < count.rows().size(); taken[partition]++) {
            rows.expected(partition, count.rows().get(taken[partition]));
        }
    }

    /** In words: how many rows were compared, and how many of them were wrong. */
    synchronized String verdict() {
        return String.format("%,d rows compared with an independent count, %,d wrong", rows.compared(), rows.wrong());
    }

    @Override
    public void close() {
        consumer.wakeup();
    }
}
