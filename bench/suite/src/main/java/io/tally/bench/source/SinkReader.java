package io.tally.bench.source;

import io.tally.bench.ground.Bench;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.jspecify.annotations.Nullable;

/** Reads what is committed to a sink, in a thread of its own, and notes when each row came. */
public final class SinkReader implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);

    /**
     * A row as it came.
     *
     * @param appendedMillis the broker's time of appending it, when it was not yet committed
     * @param seenMicros when the poll returned that brought it
     */
    public record Row(WindowPartition window, long appendedMillis, long seenMicros) {}

    private final Bench bench;
    private final String topic;
    private final Thread thread = new Thread(this::run, "sink-reader");
    private final RowDigest digest = new RowDigest();
    private final List<Row> rows = new ArrayList<>();
    private volatile long position;
    private volatile long count;
    private volatile boolean closed;
    private volatile @Nullable RuntimeException failure;

    private SinkReader(Bench bench, String topic) {
        this.bench = bench;
        this.topic = topic;
    }

    public static SinkReader start(Bench bench, String topic) {
        SinkReader reader = new SinkReader(bench, topic);
        reader.thread.setDaemon(true);
        reader.thread.start();
        return reader;
    }

    private void run() {
        try (KafkaConsumer<byte[], byte[]> consumer = bench.sinkConsumer(topic, Bench.PARTITIONS)) {
            while (!closed) {
                ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
                long seen = Moment.micros();
                for (ConsumerRecord<byte[], byte[]> row : polled) {
                    digest.add(row.value());
                    rows.add(new Row(
                            new WindowPartition(LineParser.second(row.value()), row.partition()),
                            row.timestamp(),
                            seen));
                }
                count = digest.count();
                position = consumer.assignment().stream()
                        .mapToLong(consumer::position)
                        .sum();
            }
        } catch (RuntimeException e) {
            failure = e;
        }
    }

    /** Sum of the offsets up to which it has read. */
    public long position() {
        if (failure != null) {
            throw new IllegalStateException("the sink could not be read", failure);
        }
        return position;
    }

    /** How many rows it has read. */
    public long count() {
        return count;
    }

    /** Only after {@link #close}. */
    public RowDigest digest() {
        return digest;
    }

    /** Only after {@link #close}. */
    public List<Row> rows() {
        return rows;
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
