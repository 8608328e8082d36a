package io.tally.process;

import io.tally.testkafka.PatientSender;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes lines of a web server's log, keyed by IP: a little disorder, some late ones, some garbage. The same seed gives
 * the same lines.
 */
public final class LineWriter implements AutoCloseable {
    private static final String[] GARBAGE = {
        "",
        "noblank",
        "2026-13-45_99:99:99 ",
        "1970-01-01_00:00:00 ",
        "9999-12-31_23:59:59 ",
        "\u0000\uffff\u0001",
        "   "
    };
    private static final int TICK_MILLIS = 20;

    private final String topic;
    private final int ips;
    private final int linesPerSecond;
    private final Random random;
    private final KafkaProducer<byte[], byte[]> producer;
    private final PatientSender sender;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private volatile @Nullable Exception failure;
    private boolean keyed = true;
    private long lines;

    /** From now on the keys of records, and so their partitions, have nothing to do with the IP; some have none. */
    LineWriter withoutKeys() {
        keyed = false;
        return this;
    }

    /** @param linesPerSecond of event time */
    LineWriter(String broker, String topic, long seed, int ips, int linesPerSecond) {
        this.topic = topic;
        this.ips = ips;
        this.linesPerSecond = linesPerSecond;
        random = new Random(seed);
        producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        broker,
                        ProducerConfig.LINGER_MS_CONFIG,
                        5,
                        ProducerConfig.BATCH_SIZE_CONFIG,
                        256 * 1024,
                        ProducerConfig.COMPRESSION_TYPE_CONFIG,
                        "lz4"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        sender = new PatientSender(producer, producer.partitionsFor(topic).size());
    }

    /** Writes on and on, at about this rate. */
    void start(int perSecond) {
        int perTick = Math.max(1, perSecond * TICK_MILLIS / 1000);
        timer.scheduleAtFixedRate(() -> write(perTick), 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Ends what {@link #start} began. */
    void stop() throws InterruptedException {
        timer.shutdown();
        if (!timer.awaitTermination(30, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the source's broker does not take lines any more");
        }
    }

    synchronized void write(int count) {
        for (int i = 0; i < count; i++) {
            lines++;
            String ip = ip(random.nextInt(ips));
            int dice = random.nextInt(1000);
            if (dice < 5) {
                poison(ip, dice);
            } else {
                int back = dice < 15 ? 20 + random.nextInt(60) : random.nextInt(4);
                send(ip, line(second() - back, ip));
            }
        }
    }

    private void poison(String ip, int dice) {
        switch (dice) {
            case 0 -> send(null, line(second(), ip));
            case 1 -> send("somebody else", line(second(), ip));
            case 2 -> send(ip, null);
            default -> {
                String garbage = GARBAGE[random.nextInt(GARBAGE.length)];
                send(
                        ip,
                        garbage.endsWith("_99:99:99 ") || garbage.startsWith("1970") || garbage.startsWith("9999")
                                ? garbage + ip
                                : garbage);
            }
        }
    }

    /** Closes all windows of all partitions, and waits until everything is written. */
    synchronized void closeWindows(int partitions) {
        lines += 60L * linesPerSecond;
        for (int partition = 0; partition < partitions; partition++) {
            String ip = ip(partition);
            sender.send(new ProducerRecord<>(topic, partition, bytes(ip), bytes(line(second(), ip))), this::written);
        }
        flush();
    }

    void flush() {
        producer.flush();
        if (failure != null) {
            throw new IllegalStateException("the test's input could not be written", failure);
        }
    }

    private long second() {
        return 1_780_000_000L + lines / linesPerSecond;
    }

    private static String line(long second, String ip) {
        return IpCounts.TIME.format(LocalDateTime.ofEpochSecond(second, 0, ZoneOffset.UTC)) + " " + ip
                + " GET /index.html";
    }

    public static String ip(int number) {
        return "10." + (number >> 16 & 255) + "." + (number >> 8 & 255) + "." + (number & 255);
    }

    private void send(@Nullable String key, @Nullable String value) {
        String sent = keyed ? key : random.nextInt(4) == 0 ? null : "k" + random.nextInt(100);
        sender.send(new ProducerRecord<>(topic, bytes(sent), bytes(value)), this::written);
    }

    private void written(@Nullable Object metadata, @Nullable Exception exception) {
        if (exception != null) {
            failure = exception;
        }
    }

    private static byte @Nullable [] bytes(@Nullable String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        timer.shutdownNow();
        producer.close();
    }
}
