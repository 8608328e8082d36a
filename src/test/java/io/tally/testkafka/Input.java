package io.tally.testkafka;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TransactionAbortedException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes the source. Event time is its own and moves on only as the test says; a key stays in its partition. Every
 * record carries a random number of 40 bits, so that a sum tells which records are in it.
 */
public final class Input implements AutoCloseable {
    private static final long START = 1_800_000_000_000L;
    private static final int KEYS = 20;

    private final String topic;
    private final int partitions;
    private final KafkaProducer<byte[], byte[]> producer;
    private final PatientSender sender;
    private final Random random;
    private volatile @Nullable Exception failure;
    private long time = START;

    public Input(String bootstrap, String topic, int partitions, long seed, @Nullable String transactionalId) {
        this.topic = topic;
        this.partitions = partitions;
        random = new Random(seed);
        Map<String, Object> settings = new HashMap<>(Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrap,
                ProducerConfig.RETRY_BACKOFF_MS_CONFIG,
                5,
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                20_000,
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                5_000));
        if (transactionalId != null) {
            settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
        }
        producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        sender = new PatientSender(producer, partitions);
        if (transactionalId != null) {
            producer.initTransactions();
        }
    }

    public KafkaProducer<byte[], byte[]> producer() {
        return producer;
    }

    /** Where event time stands, in milliseconds since the epoch. */
    public long time() {
        return time;
    }

    public void advance(long millis) {
        time += millis;
    }

    /** Text that no compression makes shorter. */
    public static String noise(int length) {
        return new Random(length)
                .ints(length, 'a', 'z' + 1)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /**
     * Records over all partitions, keys and some seconds of event time, some of them out of order and a few late.
     *
     * @param records how many
     * @param millis how far event time moves on, from the first to the last
     */
    public void random(int records, long millis) {
        long begin = time;
        for (int i = 0; i < records; i++) {
            time = begin + millis * (i + 1) / records;
            long back = random.nextInt(20) == 0 ? random.nextInt(12_000) : random.nextInt(2_000);
            send(random.nextInt(partitions), random.nextInt(KEYS), time - back);
        }
        flush();
    }

    /** One sound record. */
    public void send(int partition, int key, long eventTime) {
        String name = "p" + partition + "-k" + key;
        send(
                partition,
                name,
                eventTime + " " + name + " " + (random.nextLong() >>> 24) + " text-" + random.nextInt(1_000));
    }

    public void send(int partition, @Nullable String key, @Nullable String value, Header... headers) {
        send(new ProducerRecord<>(topic, partition, bytes(key), bytes(value), List.of(headers)));
    }

    public void send(ProducerRecord<byte[], byte[]> record) {
        sender.send(record, (metadata, exception) -> {
            if (exception != null && !(exception instanceof TransactionAbortedException)) {
                failure = exception;
            }
        });
    }

    /** Waits until everything is written. */
    public void flush() {
        producer.flush();
        if (failure != null) {
            throw new IllegalStateException("the test's input could not be written", failure);
        }
    }

    /** Closes every window so far, in every partition. */
    public void closeWindows() {
        time += LinesPipeline.SIZE.toMillis() + LinesPipeline.GRACE.toMillis();
        for (int partition = 0; partition < partitions; partition++) {
            send(partition, 0, time);
        }
        flush();
    }

    private static byte @Nullable [] bytes(@Nullable String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        producer.close();
    }
}
