package io.tally.bench.source;

import io.tally.bench.ground.Bench;
import io.tally.process.IpCounts;
import io.tally.process.LineWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A source topic for the benchmarks, and what the right rows for it are: records keyed by their IP, up to 2 s out of
 * order, none late and none unreadable, so that no system has a reason to drop one.
 *
 * @param source what it is like
 * @param rows the rows that every system must write
 */
public record BenchData(SourceSpec source, RowDigest rows) {
    private static final int DISORDER = 3;
    private static final long START = 1_780_000_000L;
    /** Beyond every window's end plus grace. */
    public static final int AFTER = 100;
    /** So many keys close the last windows that each partition has some, also if a system partitions anew by key. */
    private static final int CLOSING_KEYS = 1_000;

    /** Writes the topic, which must not exist. */
    public static BenchData write(Bench bench, SourceSpec source) {
        String topic = source.topic();
        RecordFormat format = source.format();
        int ips = source.ips();
        int lines = source.lines();
        bench.create(new NewTopic(topic, source.partitions(), (short) 1));
        byte[][] keys = keys(ips);
        RowDigest rows = new RowDigest();
        Deque<OpenWindow> open = new ArrayDeque<>();
        Random random = new Random(lines);
        AtomicReference<Exception> failure = new AtomicReference<>();
        Callback written = (metadata, exception) -> {
            if (exception != null) {
                failure.set(exception);
            }
        };
        try (KafkaProducer<byte[], byte[]> producer = producer(bench.broker().address())) {
            byte[][] times = new byte[DISORDER][];
            long current = Long.MIN_VALUE;
            for (int i = 0; i < lines; i++) {
                long second = START + (long) i * source.seconds() / lines;
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
                producer.send(
                        new ProducerRecord<>(topic, keys[ip], format.record(times[back], keys[ip], number)), written);
            }
            while (!open.isEmpty()) {
                open.remove().close(format, rows);
            }
            byte[] after = format.time(START + source.seconds() + AFTER);
            for (int ip = 0; ip < closing(ips); ip++) {
                producer.send(new ProducerRecord<>(topic, keys[ip], format.record(after, keys[ip], 0)), written);
            }
            producer.flush();
        }
        if (failure.get() != null) {
            throw new IllegalStateException("the source could not be written", failure.get());
        }
        return new BenchData(source, rows);
    }

    /** How many records the topic has. */
    public long records() {
        return source.lines() + (long) closing(source.ips());
    }

    private static int closing(int ips) {
        return Math.min(ips, CLOSING_KEYS);
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
