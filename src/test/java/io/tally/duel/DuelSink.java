package io.tally.duel;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Reads what is committed in a sink, and looks for the rows that tell the end. */
final class DuelSink implements AutoCloseable {
    private final KafkaConsumer<String, String> consumer;
    private final DuelLog log;
    private final Set<String> last = new HashSet<>();

    DuelSink(String bootstrap, String sink, int partitions, DuelLog log) {
        this.log = log;
        consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrap,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                        20),
                new StringDeserializer(),
                new StringDeserializer());
        List<TopicPartition> all = IntStream.range(0, partitions)
                .mapToObj(partition -> new TopicPartition(sink, partition))
                .toList();
        consumer.assign(all);
        consumer.seekToBeginning(all);
    }

    /** Whether each key has its last row. */
    boolean isComplete() {
        consumer.poll(Duration.ZERO).forEach(record -> {
            if (log.isLast(record.value())) {
                last.add(record.value().split(" ")[1]);
            }
        });
        return last.size() >= log.lastRows();
    }

    @Override
    public void close() {
        consumer.close();
    }
}
