package io.tally.process;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A source topic for the benchmarks, and what the right rows for it are: records keyed by their IP, up to 2 s out of
 * order, none late and none unreadable, so that no system has a reason to drop one.
 *
 * @param topic the source topic
 * @param format of its records
 * @param partitions number of its partitions, and of the sinks'
 * @param lines how many lines it has, without those that close the last windows
 * @param ips how many different ones there are
 * @param rows the rows that every system must write
 */
record BenchData(String topic, RecordFormat format, int partitions, int lines, int ips, RowDigest rows) {
    private static final int SECONDS = 250;
    private static final int DISORDER = 3;
    private static final long START = 1_780_000_000L;
    /** Beyond every window's end plus grace. */
    static final int AFTER = 100;

    /** Writes the topic, which must not exist. */
    static BenchData write(Bench bench, String topic, RecordFormat format, int partitions, int lines, int ips)
            throws ExecutionException, InterruptedException {
        bench.admin()
                .createTopics(List.of(new NewTopic(topic, partitions, (short) 1)))
                .all()
                .get();
        byte[][] keys = keys(ips);
        RowDigest rows = new RowDigest();
        Deque<OpenWindow> open = new ArrayDeque<>();
        Random random = new Random(lines);
        try (KafkaProducer<byte[], byte[]> producer = producer(bench.broker().address())) {
            byte[][] times = new byte[DISORDER][];
            long current = Long.MIN_VALUE;
            for (int i = 0; i < lines; i++) {
                long second = START + (long) i * SECONDS / lines;
                if (second != current) {
                    current = second;
                    for (int back = 0; back < DISORDER; back++) {
                        times[back] = format.time(second - back);
                    }
                    while (!open.isEmpty() && open.peek().start() + IpCounts.SIZE + DISORDER <= second) {
                        open.remove().close(format, rows);
                    }
                }
                int ip = random.nextInt(ips);
                int back = random.nextInt(DISORDER);
                int number = format.number(random);
                window(open, second - back, ips).add(ip, number);
                producer.send(new ProducerRecord<>(topic, keys[ip], format.record(times[back], keys[ip], number)));
            }
            while (!open.isEmpty()) {
                open.remove().close(format, rows);
            }
            byte[] last = format.record(format.time(START + SECONDS + AFTER), keys[0], 0);
            for (int partition = 0; partition < partitions; partition++) {
                producer.send(new ProducerRecord<>(topic, partition, keys[0], last));
            }
            producer.flush();
        }
        return new BenchData(topic, format, partitions, lines, ips, rows);
    }

    private static KafkaProducer<byte[], byte[]> producer(String broker) {
        return new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        broker,
                        "linger.ms",
                        5,
                        "batch.size",
                        256 * 1024,
                        "buffer.memory",
                        64L << 20,
                        "compression.type",
                        "lz4"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private static OpenWindow window(Deque<OpenWindow> open, long second, int ips) {
        long start = OpenWindow.start(second);
        for (OpenWindow window : open) {
            if (window.start() == start) {
                return window;
            }
        }
        OpenWindow window = new OpenWindow(start, ips);
        // Disorder is shorter than a window, so only the very first ones can come in the wrong order.
        if (!open.isEmpty() && start < open.peek().start()) {
            open.addFirst(window);
        } else {
            open.addLast(window);
        }
        return window;
    }

    /** The IPs, by their number. */
    static byte[][] keys(int ips) {
        byte[][] keys = new byte[ips][];
        for (int ip = 0; ip < ips; ip++) {
            keys[ip] = LineWriter.ip(ip).getBytes(StandardCharsets.US_ASCII);
        }
        return keys;
    }
}
