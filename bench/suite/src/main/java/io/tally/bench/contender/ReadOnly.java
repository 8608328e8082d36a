package io.tally.bench.contender;

import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/**
 * The limit for everything that reads by Kafka's consumer in one thread: it touches the values and does nothing with
 * them. Its settings are those of the {@link BareLoop}; its offsets, by which its progress is seen, are committed in
 * passing.
 */
final class ReadOnly {
    private static final long COMMIT_NANOS = 20_000_000;

    private ReadOnly() {}

    public static void main(String[] arguments) {
        try (KafkaConsumer<byte[], byte[]> consumer = BareLoop.consumer(arguments[0], arguments[2])) {
            consumer.subscribe(List.of(arguments[1]));
            long bytes = 0;
            long committed = System.nanoTime();
            while (bytes >= 0) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    bytes += record.value()[record.value().length - 1] & 1;
                }
                if (System.nanoTime() - committed >= COMMIT_NANOS) {
                    consumer.commitAsync();
                    committed = System.nanoTime();
                }
            }
        }
    }
}
