package io.tally.demo;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Prints results, late records and dead letters as they are committed. */
final class DemoReader implements AutoCloseable {
    private static final int LINES_PER_SECOND = 40;
    private static final int WIDTH = 100;

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final PrintStream out;
    private final Thread thread = new Thread(this::read, "demo-reader");
    private long second;
    private int printed;
    private int left;

    DemoReader(String bootstrapServers, PrintStream out) {
        this.out = out;
        consumer = new KafkaConsumer<>(Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ConsumerConfig.GROUP_ID_CONFIG,
                "demo-reader",
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest",
                ConsumerConfig.METADATA_MAX_AGE_CONFIG,
                2_000,
                ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
                ByteArrayDeserializer.class,
                ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
                ByteArrayDeserializer.class));
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    private void read() {
        try (consumer) {
            consumer.subscribe(Pattern.compile(
                    Pattern.quote(DemoBroker.SINK) + "|" + Pattern.quote(DemoBroker.SOURCE) + "-.*-(late|dlt)"));
            while (true) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(500))) {
                    print(record);
                }
            }
        } catch (WakeupException e) {
            // The demo ends.
        }
    }

    private void print(ConsumerRecord<byte[], byte[]> record) {
        long now = System.nanoTime() / 1_000_000_000;
        if (now != second) {
            if (left > 0) {
                out.println("           ... and " + left + " more");
            }
            second = now;
            printed = 0;
            left = 0;
        }
        if (printed++ >= LINES_PER_SECOND) {
            left++;
            return;
        }
        String value = record.value() == null ? "(no value)" : new String(record.value(), StandardCharsets.UTF_8);
        String shown = value.length() > WIDTH ? value.substring(0, WIDTH) + "..." : value;
        out.println(LocalTime.now().truncatedTo(ChronoUnit.MILLIS) + "  " + what(record) + shown);
    }

    private static String what(ConsumerRecord<byte[], byte[]> record) {
        if (record.topic().equals(DemoBroker.SINK)) {
            return "result       ";
        }
        Header reason = record.headers().lastHeader("tally_reason");
        if (reason != null) {
            return "dead letter  " + new String(reason.value(), StandardCharsets.UTF_8) + ": ";
        }
        Header late = record.headers().lastHeader("tally_late-by-ms");
        return "late         by " + (late == null ? "?" : new String(late.value(), StandardCharsets.UTF_8)) + " ms: ";
    }

    @Override
    public void close() {
        consumer.wakeup();
        try {
            thread.join(2_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
