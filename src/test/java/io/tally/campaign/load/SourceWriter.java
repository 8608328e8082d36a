package io.tally.campaign.load;

import io.tally.testkafka.PatientSender;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * Writes lines to a source, on and on. If it is to, half of them in transactions, of which a third is aborted and some
 * stay open for a while.
 */
public final class SourceWriter implements AutoCloseable {
    /** Written at a time. A slow load has fewer writes, not smaller ones: each makes a transaction of the pipeline. */
    private static final int AT_A_TIME = 8;
    /** For which a transaction of the source stays open. */
    private static final int LONGEST_MILLIS = 1_200;

    private static final int PATIENCE_MILLIS = 300_000;

    private final Lines lines;
    private final String broker;
    private final String topic;
    private final int partitions;
    private final Random random;
    private final boolean transactional;
    private final int tickMillis;
    private final KafkaProducer<byte[], byte[]> plain;
    private final PatientSender sender;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private @Nullable KafkaProducer<byte[], byte[]> transactions;
    /** Ticks that are left of the open transaction. */
    private int left;

    private long aborted;
    private volatile @Nullable Exception failure;

    /** @param perSecond records; about, and from 8 to 8,000 */
    public SourceWriter(
            Lines lines, String broker, String topic, int partitions, long seed, boolean transactional, int perSecond) {
        this.lines = lines;
        this.broker = broker;
        this.topic = topic;
        this.partitions = partitions;
        this.transactional = transactional;
        tickMillis = AT_A_TIME * 1_000 / perSecond;
        random = new Random(seed);
        plain = producer(null);
        sender = new PatientSender(plain, partitions);
    }

    private KafkaProducer<byte[], byte[]> producer(@Nullable String id) {
        Map<String, Object> configuration = new HashMap<>();
        configuration.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, broker);
        configuration.put(ProducerConfig.LINGER_MS_CONFIG, 5);
        if (id == null) {
            // Brokers may be away for two minutes, and then take their time. A broker that has just started may not
            // know the topic, and be gone again.
            configuration.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, PATIENCE_MILLIS);
            configuration.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, PATIENCE_MILLIS);
        } else {
            configuration.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, id);
            configuration.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 20_000);
        }
        return new KafkaProducer<>(configuration, new ByteArraySerializer(), new ByteArraySerializer());
    }

    public void start() {
        timer.scheduleAtFixedRate(this::tick, 0, tickMillis, TimeUnit.MILLISECONDS);
    }

    private void tick() {
        try {
            if (transactional && (left > 0 || random.nextBoolean())) {
                inTransaction();
            } else {
                write();
            }
        } catch (KafkaException e) {
            // A broker is away: what is in the transaction is lost, as for any producer.
            forgetTransaction();
        } catch (RuntimeException e) {
            failure = e;
        }
    }

    private void write() {
        for (int i = 0; i < AT_A_TIME; i++) {
            Lines.Draft draft = lines.next();
            sender.send(new ProducerRecord<>(topic, draft.keyBytes(), draft.valueBytes()), this::written);
        }
    }

    private void inTransaction() {
        if (transactions == null) {
            transactions = producer(topic + "-writer");
            transactions.initTransactions();
            left = 0;
        }
        if (left == 0) {
            left = 1 + random.nextInt(random.nextInt(10) == 0 ? Math.max(1, LONGEST_MILLIS / tickMillis) : 5);
            // What the other producer still holds back would come later, and be more out of order than it may.
            plain.flush();
            transactions.beginTransaction();
        }
        for (int i = 0; i < AT_A_TIME; i++) {
            Lines.Draft draft = lines.next();
            transactions.send(new ProducerRecord<>(topic, draft.keyBytes(), draft.valueBytes()));
        }
        left--;
        if (left == 0) {
            end();
        }
    }

    private void end() {
        if (transactions == null) {
            return;
        }
        if (random.nextInt(10) < 3) {
            transactions.abortTransaction();
            aborted++;
        } else {
            transactions.commitTransaction();
        }
    }

    private void forgetTransaction() {
        if (transactions != null) {
            transactions.close(Duration.ZERO);
            transactions = null;
        }
        left = 0;
    }

    private void written(@Nullable Object metadata, @Nullable Exception exception) {
        if (exception != null) {
            failure = exception;
        }
    }

    /** How many transactions were aborted on purpose. */
    public long aborted() {
        return aborted;
    }

    /** Stops, and writes what closes the windows of all partitions. */
    public void finish() throws InterruptedException {
        timer.shutdown();
        if (!timer.awaitTermination(90, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the brokers take no records any more");
        }
        try {
            if (left > 0) {
                end();
            }
        } catch (KafkaException e) {
            // It is forgotten in any case.
        }
        forgetTransaction();
        for (int partition = 0; partition < partitions; partition++) {
            Lines.Draft draft = lines.closing(keyOf(partition));
            plain.send(new ProducerRecord<>(topic, partition, draft.keyBytes(), draft.valueBytes()), this::written);
        }
        plain.flush();
        if (failure != null) {
            throw new IllegalStateException("the load could not be written: " + failure, failure);
        }
    }

    /** One that Java's clients put into this partition. */
    private String keyOf(int partition) {
        for (int number = 0; ; number++) {
            byte[] key = ("end" + number).getBytes(StandardCharsets.UTF_8);
            if (Utils.toPositive(Utils.murmur2(key)) % partitions == partition) {
                return "end" + number;
            }
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
        forgetTransaction();
        plain.close(Duration.ofSeconds(5));
    }
}
