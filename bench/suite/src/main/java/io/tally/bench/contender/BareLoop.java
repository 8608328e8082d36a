package io.tally.bench.contender;

import io.tally.bench.source.FastJsonParser;
import io.tally.bench.source.LineParser;
import io.tally.bench.source.RecordFormat;
import io.tally.bench.source.RecordParser;
import io.tally.process.IpCounts;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
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
 * The yardstick: what one would write by hand to count visits per IP over Kafka (and to sum up a number, if records
 * have one), in one thread, with a transaction per poll and nothing else. No durable state, no recovery, no dead
 * letters, no check of keys: a crash makes its counts wrong.
 */
final class BareLoop {
    /** Where it reads, under which group, and where it writes. */
    private record Place(String broker, String source, String group, String sink) {}

    private static final int COUNT = 0;
    private static final int SUM = 1;

    private final Place place;
    private final RecordFormat format;
    private final RecordParser parser;
    private final Map<Integer, Counts> partitions = new HashMap<>();

    private static final class Counts {
        final TreeMap<Long, Map<String, long[]>> windows = new TreeMap<>();
        long watermark = Long.MIN_VALUE;
    }

    private BareLoop(Place place, RecordFormat format) {
        this.place = place;
        this.format = format;
        // The other one is not even loaded, so that calls of it cost nothing.
        parser = format == RecordFormat.JSON ? new FastJsonParser() : new LineParser();
    }

    /** Broker, source, group, sink, format. */
    public static void main(String[] arguments) {
        Place place = new Place(arguments[0], arguments[1], arguments[2], arguments[3]);
        new BareLoop(place, RecordFormat.valueOf(arguments[4])).run();
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

    private void count(Counts counts, byte[] record, KafkaProducer<byte[], byte[]> producer) {
        if (!parser.parse(record)) {
            return;
        }
        long second = parser.second();
        counts.watermark = Math.max(counts.watermark, second - IpCounts.GRACE);
        while (!counts.windows.isEmpty() && counts.windows.firstKey() + IpCounts.SIZE <= counts.watermark) {
            close(counts.windows.pollFirstEntry(), producer);
        }
        long start = Math.floorDiv(second, IpCounts.SIZE) * IpCounts.SIZE;
        if (start + IpCounts.SIZE > counts.watermark) {
            long[] totals = counts.windows
                    .computeIfAbsent(start, window -> new LinkedHashMap<>())
                    .computeIfAbsent(parser.ip(), key -> new long[2]);
            totals[COUNT]++;
            totals[SUM] += parser.number();
        }
    }

    private void close(Map.Entry<Long, Map<String, long[]>> window, KafkaProducer<byte[], byte[]> producer) {
        String start = RecordFormat.text(window.getKey());
        window.getValue()
                .forEach((ip, totals) -> producer.send(new ProducerRecord<>(
                        place.sink(),
                        ip.getBytes(StandardCharsets.ISO_8859_1),
                        format.row(start, ip, totals[COUNT], totals[SUM]))));
    }

    /**
     * With the settings of Tally's application.yml that matter to speed, but for the records per poll: a poll is a
     * transaction here, so that few are too little, and many do not stay in the processor's cache.
     */
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
