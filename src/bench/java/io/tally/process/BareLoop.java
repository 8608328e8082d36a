package io.tally.process;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The yardstick: what one would write by hand to count visits per IP over Kafka, in one thread, with a transaction per
 * poll and nothing else. No durable state, no recovery, no dead letters, no check of keys: a crash makes its counts
 * wrong.
 */
final class BareLoop {
    /** Where it reads, under which group, and where it writes. */
    private record Place(String broker, String source, String group, String sink) {}

    private final Place place;
    private final Map<Integer, Counts> partitions = new HashMap<>();

    private static final class Counts {
        final TreeMap<Long, Map<String, long[]>> windows = new TreeMap<>();
        long watermark = Long.MIN_VALUE;
    }

    private BareLoop(Place place) {
        this.place = place;
    }

    public static void main(String[] arguments) {
        new BareLoop(new Place(arguments[0], arguments[1], arguments[2], arguments[3])).run();
    }

    private void run() {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(place.broker(), place.group());
                KafkaProducer<byte[], byte[]> producer = producer()) {
            producer.initTransactions();
            consumer.subscribe(List.of(place.source()));
            while (true) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(200));
                if (records.isEmpty()) {
                    continue;
                }
                producer.beginTransaction();
                for (TopicPartition id : records.partitions()) {
                    Counts counts = partitions.computeIfAbsent(id.partition(), p -> new Counts());
                    for (ConsumerRecord<byte[], byte[]> record : records.records(id)) {
                        count(counts, record.value(), producer);
                    }
                }
                Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>(records.nextOffsets());
                producer.sendOffsetsToTransaction(offsets, consumer.groupMetadata());
                producer.commitTransaction();
            }
        }
    }

    private void count(Counts counts, byte[] line, KafkaProducer<byte[], byte[]> producer) {
        if (line == null || line.length < 22 || line[19] != ' ') {
            return;
        }
        long time;
        try {
            time = time(line);
        } catch (DateTimeException e) {
            return;
        }
        int end = 20;
        while (end < line.length && line[end] != ' ') {
            end++;
        }
        String ip = new String(line, 20, end - 20, StandardCharsets.ISO_8859_1);
        counts.watermark = Math.max(counts.watermark, time - IpCounts.GRACE);
        while (!counts.windows.isEmpty() && counts.windows.firstKey() + IpCounts.SIZE <= counts.watermark) {
            close(counts.windows.pollFirstEntry(), producer);
        }
        long start = Math.floorDiv(time, IpCounts.SIZE) * IpCounts.SIZE;
        if (start + IpCounts.SIZE > counts.watermark) {
            counts.windows.computeIfAbsent(start, window -> new LinkedHashMap<>())
                    .computeIfAbsent(ip, key -> new long[1])[0]++;
        }
    }

    private void close(Map.Entry<Long, Map<String, long[]>> window, KafkaProducer<byte[], byte[]> producer) {
        String start = IpCounts.TIME.format(LocalDateTime.ofEpochSecond(window.getKey(), 0, ZoneOffset.UTC));
        window.getValue()
                .forEach((ip, count) -> producer.send(new ProducerRecord<>(
                        place.sink(),
                        ip.getBytes(StandardCharsets.ISO_8859_1),
                        (start + " " + ip + " " + count[0]).getBytes(StandardCharsets.ISO_8859_1))));
    }

    static long time(byte[] line) {
        return LocalDateTime.of(
                        number(line, 0, 4),
                        number(line, 5, 2),
                        number(line, 8, 2),
                        number(line, 11, 2),
                        number(line, 14, 2),
                        number(line, 17, 2))
                .toEpochSecond(ZoneOffset.UTC);
    }

    private static int number(byte[] line, int start, int length) {
        int number = 0;
        for (int i = start; i < start + length; i++) {
            number = number * 10 + line[i] - '0';
        }
        return number;
    }

    /** The consumer settings of Tally's application.yml, so that the two differ only in what they do. */
    static KafkaConsumer<byte[], byte[]> consumer(String broker, String group) {
        return new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        broker,
                        "group.id",
                        group,
                        "isolation.level",
                        "read_committed",
                        "auto.offset.reset",
                        "earliest",
                        "enable.auto.commit",
                        false,
                        "max.poll.records",
                        50_000,
                        "max.partition.fetch.bytes",
                        4_194_304),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    private KafkaProducer<byte[], byte[]> producer() {
        return new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        place.broker(),
                        "transactional.id",
                        place.group(),
                        "compression.type",
                        "lz4",
                        "batch.size",
                        131_072,
                        "linger.ms",
                        10,
                        "retry.backoff.ms",
                        5),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }
}
