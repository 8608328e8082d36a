package io.tally.demo;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Writes lines as a web server's log would have them: of now, some a little out of order, a few far too late, a few
 * unreadable. A few IPs make most of the visits.
 */
final class DemoSource implements AutoCloseable {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd_HH:mm:ss").withZone(ZoneOffset.UTC);
    private static final Duration TICK = Duration.ofMillis(100);
    private static final List<String> GARBAGE =
            List.of("not a log line", "2026-13-45_99:99:99 10.0.0.1", "", "1970-01-01_00:00:00 10.0.0.1");

    private final DemoProperties properties;
    private final Random random;
    private final KafkaProducer<byte[], byte[]> producer;
    private final ScheduledExecutorService timer;
    private long written;
    private long ticks;

    DemoSource(DemoProperties properties, String bootstrapServers) {
        this.properties = properties;
        random = new Random(properties.seed());
        producer = new KafkaProducer<>(Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
                ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class,
                ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class));
        timer = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, "demo-source");
            thread.setDaemon(true);
            return thread;
        });
    }

    void start() {
        timer.scheduleAtFixedRate(this::tick, 0, TICK.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void tick() {
        ticks++;
        long due = ticks * properties.rate() * TICK.toMillis() / 1000;
        for (; written < due; written++) {
            String ip = ip();
            producer.send(new ProducerRecord<>(DemoBroker.SOURCE, bytes(ip), bytes(line(ip))));
        }
    }

    private String line(String ip) {
        double dice = random.nextDouble();
        if (dice < properties.garbageRatio()) {
            return GARBAGE.get(random.nextInt(GARBAGE.size()));
        }
        boolean late = dice < properties.garbageRatio() + properties.lateRatio();
        long back = late ? 20_000L + random.nextInt(10_000) : random.nextInt(properties.disorderMillis() + 1);
        return TIME.format(Instant.now().minusMillis(back)) + " " + ip + " GET /index.html";
    }

    /** Squaring makes small numbers likelier. */
    private String ip() {
        double share = random.nextDouble();
        int number = (int) (share * share * properties.keys());
        return "10.0." + number / 256 + "." + number % 256;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        timer.shutdownNow();
        producer.close(Duration.ofSeconds(1));
    }
}
