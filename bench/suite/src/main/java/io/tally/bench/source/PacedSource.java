package io.tally.bench.source;

import io.tally.bench.ground.Bench;
import io.tally.process.IpCounts;
import java.util.Arrays;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Lines in real time: the event time of a line is the second in which it is sent, so that none is late. Knows the rows
 * that there must be, and for each window and partition when the line was sent that lets it close.
 */
public final class PacedSource implements AutoCloseable {
    public static final RecordFormat FORMAT = RecordFormat.TEXT;

    private static final int TICK_MILLIS = 5;

    /**
     * The line that lets a window close.
     *
     * @param sentMicros right before it was handed to the producer
     * @param appendedMillis the broker's time of appending it
     */
    record Closing(long sentMicros, long appendedMillis) {}

    /** The broker's acknowledgement of a line, at its producer. */
    public record Acknowledgement(long sentMicros, long receivedMicros) {}

    private final String topic;
    private final int linesPerSecond;
    private final byte[][] keys;
    private final int[] partitionOfKey;
    private final Random random = new Random(1);
    private final KafkaProducer<byte[], byte[]> producer;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final AtomicLongArray written = new AtomicLongArray(Bench.PARTITIONS);
    private final Map<WindowPartition, Closing> closings = new ConcurrentHashMap<>();
    private final Queue<Acknowledgement> acknowledgements = new ConcurrentLinkedQueue<>();
    private volatile @Nullable Throwable failure;

    // Of the timer's thread.
    private final RowDigest rows = new RowDigest();
    private OpenWindow open;
    /** By partition, the last window that has closed. */
    private final long[] closed = new long[Bench.PARTITIONS];

    private final long beganMicros;
    private long second;
    private byte[] time;
    private long lines;

    public PacedSource(String broker, String topic, int linesPerSecond, int ips) {
        this.topic = topic;
        this.linesPerSecond = linesPerSecond;
        keys = BenchData.keys(ips);
        partitionOfKey = Arrays.stream(keys)
                .mapToInt(key -> BuiltInPartitioner.partitionForKey(key, Bench.PARTITIONS))
                .toArray();
        producer = producer(broker);
        beganMicros = Moment.micros();
        second = second(beganMicros);
        time = FORMAT.time(second);
        open = open(second);
        Arrays.fill(closed, lastClosedBy(second));
    }

    /**
     * Lingers just long enough for what is sent together to travel together, since that is part of what is measured.
     */
    private static KafkaProducer<byte[], byte[]> producer(String broker) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", broker, "linger.ms", 1, "compression.type", "lz4"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /** Writes on and on. */
    public void start() {
        timer.scheduleAtFixedRate(this::tick, 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /**
     * Ends what {@link #start} began, and closes all windows.
     *
     * @param after seconds of event time in which the last of them can close
     */
    public void finish(int after) throws InterruptedException {
        timer.shutdown();
        if (!timer.awaitTermination(30, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the source's broker does not take lines any more");
        }
        open.close(FORMAT, rows);
        time = FORMAT.time(second + after);
        for (int partition = 0; partition < Bench.PARTITIONS; partition++) {
            send(partition, keys[0], this::failed);
        }
        producer.flush();
        throwFailure();
    }

    private void tick() {
        try {
            long now = Moment.micros();
            advance(second(now));
            long due = (now - beganMicros) * linesPerSecond / TimeUnit.SECONDS.toMicros(1);
            for (boolean first = true; lines < due; first = false) {
                write(first);
            }
        } catch (Throwable e) {
            // Whatever leaves this method ends the schedule, and nobody is told.
            failure = e;
        }
    }

    private void advance(long now) {
        if (now == second) {
            return;
        }
        if (OpenWindow.start(now) != open.start()) {
            open.close(FORMAT, rows);
            open = open(now);
        }
        second = now;
        time = FORMAT.time(now);
    }

    private void write(boolean first) {
        lines++;
        int ip = random.nextInt(keys.length);
        open.add(ip, 0);
        int partition = partitionOfKey[ip];
        long from = closed[partition] + IpCounts.SIZE;
        long last = lastClosedBy(second);
        closed[partition] = last;
        long sent = Moment.micros();
        if (from <= last) {
            send(partition, keys[ip], (metadata, exception) -> {
                acknowledged(sent, exception);
                for (long start = from; exception == null && start <= last; start += IpCounts.SIZE) {
                    closings.put(new WindowPartition(start, partition), new Closing(sent, metadata.timestamp()));
                }
            });
        } else {
            // Of a tick's lines, which are sent together, one is enough to know how long acknowledgements take.
            send(partition, keys[ip], first ? (metadata, exception) -> acknowledged(sent, exception) : this::failed);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the callback notes a failure
    private void send(int partition, byte[] key, Callback callback) {
        written.incrementAndGet(partition);
        producer.send(new ProducerRecord<>(topic, partition, key, FORMAT.record(time, key, 0)), callback);
    }

    private void acknowledged(long sent, @Nullable Exception exception) {
        failed(null, exception);
        acknowledgements.add(new Acknowledgement(sent, Moment.micros()));
    }

    private void failed(@Nullable RecordMetadata metadata, @Nullable Exception exception) {
        if (exception != null) {
            failure = exception;
        }
    }

    private OpenWindow open(long now) {
        return new OpenWindow(OpenWindow.start(now), keys.length);
    }

    private static long second(long micros) {
        return TimeUnit.MICROSECONDS.toSeconds(micros);
    }

    /** The last window that a line of this second closes in its partition. */
    private static long lastClosedBy(long second) {
        return OpenWindow.start(second - IpCounts.GRACE) - IpCounts.SIZE;
    }

    /** The last second of event time, without what closes the windows; only after {@link #finish}. */
    public long lastSecond() {
        return second;
    }

    /** How many lines have been handed to the producer, by partition. */
    public long[] written() {
        throwFailure();
        long[] lengths = new long[Bench.PARTITIONS];
        Arrays.setAll(lengths, written::get);
        return lengths;
    }

    private void throwFailure() {
        if (failure != null) {
            throw new IllegalStateException("the source could not be written", failure);
        }
    }

    /** Those of acknowledged lines. */
    Map<WindowPartition, Closing> closings() {
        return closings;
    }

    public Queue<Acknowledgement> acknowledgements() {
        return acknowledgements;
    }

    /** What every system must write; only after {@link #finish}. */
    public RowDigest rows() {
        return rows;
    }

    @Override
    public void close() {
        timer.shutdownNow();
        producer.close();
    }
}
