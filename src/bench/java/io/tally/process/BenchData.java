package io.tally.process;

import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
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
 * A source topic for the benchmarks, and what the right rows for it are: lines keyed by their IP, up to 2 s out of
 * order, none late and none unreadable, so that no system has a reason to drop one.
 *
 * @param topic the source topic
 * @param partitions number of its partitions, and of the sinks'
 * @param lines how many lines it has, without those that close the last windows
 * @param ips how many different ones there are
 * @param rows the rows that every system must write
 */
record BenchData(String topic, int partitions, int lines, int ips, RowDigest rows) {
    private static final int SECONDS = 250;
    private static final int DISORDER = 3;
    private static final long START = 1_780_000_000L;
    /** Beyond every window's end plus grace. */
    static final int AFTER = 100;

    private static final byte[] REST = " GET /index.html".getBytes(StandardCharsets.US_ASCII);

    /** One window while it is counted. */
    private record Open(long start, int[] counts) {}

    /** Writes the topic, which must not exist. */
    static BenchData write(Bench bench, String topic, int partitions, int lines, int ips)
            throws ExecutionException, InterruptedException {
        bench.admin()
                .createTopics(List.of(new NewTopic(topic, partitions, (short) 1)))
                .all()
                .get();
        byte[][] keys = keys(ips);
        RowDigest rows = new RowDigest();
        Deque<Open> open = new ArrayDeque<>();
        Random random = new Random(lines);
        try (KafkaProducer<byte[], byte[]> producer = producer(bench.broker().address())) {
            byte[][] times = new byte[DISORDER][];
            long current = Long.MIN_VALUE;
            for (int i = 0; i < lines; i++) {
                long second = START + (long) i * SECONDS / lines;
                if (second != current) {
                    current = second;
                    for (int back = 0; back < DISORDER; back++) {
                        times[back] = time(second - back);
                    }
                    while (!open.isEmpty() && open.peek().start + IpCounts.SIZE + DISORDER <= second) {
                        add(open.remove(), rows);
                    }
                }
                int ip = random.nextInt(ips);
                int back = random.nextInt(DISORDER);
                window(open, second - back, ips).counts[ip]++;
                producer.send(new ProducerRecord<>(topic, keys[ip], line(times[back], keys[ip])));
            }
            while (!open.isEmpty()) {
                add(open.remove(), rows);
            }
            byte[] last = time(START + SECONDS + AFTER);
            for (int partition = 0; partition < partitions; partition++) {
                producer.send(new ProducerRecord<>(topic, partition, keys[0], line(last, keys[0])));
            }
            producer.flush();
        }
        return new BenchData(topic, partitions, lines, ips, rows);
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

    private static Open window(Deque<Open> open, long second, int ips) {
        long start = Math.floorDiv(second, IpCounts.SIZE) * IpCounts.SIZE;
        for (Open window : open) {
            if (window.start == start) {
                return window;
            }
        }
        Open window = new Open(start, new int[ips]);
        // Disorder is shorter than a window, so only the very first ones can come in the wrong order.
        if (!open.isEmpty() && start < open.peek().start) {
            open.addFirst(window);
        } else {
            open.addLast(window);
        }
        return window;
    }

    private static void add(Open window, RowDigest rows) {
        add(window.start, window.counts, rows);
    }

    /** Adds the rows of a window. */
    static void add(long start, int[] counts, RowDigest rows) {
        String time = text(start);
        for (int ip = 0; ip < counts.length; ip++) {
            if (counts[ip] > 0) {
                rows.add(bytes(time + LineWriter.ip(ip) + " " + counts[ip]));
            }
        }
    }

    /** The IPs, by their number. */
    static byte[][] keys(int ips) {
        byte[][] keys = new byte[ips][];
        for (int i = 0; i < ips; i++) {
            keys[i] = bytes(LineWriter.ip(i));
        }
        return keys;
    }

    /** A line of the source. */
    static byte[] line(byte[] time, byte[] key) {
        byte[] line = new byte[time.length + key.length + REST.length];
        System.arraycopy(time, 0, line, 0, time.length);
        System.arraycopy(key, 0, line, time.length, key.length);
        System.arraycopy(REST, 0, line, time.length + key.length, REST.length);
        return line;
    }

    /** What a line begins with. */
    static byte[] time(long second) {
        return bytes(text(second));
    }

    private static String text(long second) {
        return IpCounts.TIME.format(LocalDateTime.ofEpochSecond(second, 0, ZoneOffset.UTC)) + " ";
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
