package io.tally.campaign.read;

import io.tally.campaign.check.Evidence;
import io.tally.campaign.check.Message;
import io.tally.campaign.check.Row;
import io.tally.campaign.check.Rules;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/** A read_committed reader of what a pipeline writes, from before its first record to after the last fault. */
public final class LiveReader implements AutoCloseable {
    /** Than any window ends. */
    private static final long LATER = Long.MAX_VALUE / 2;

    private final Rules rules;
    private final Topics topics;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Evidence.Outputs seen = new Evidence.Outputs(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    private final List<Arrival> arrivals = new ArrayList<>();
    /** What the last row of each total says. */
    private final Map<String, Long> counts = new HashMap<>();

    private final Thread thread = new Thread(this::read, "live-reader");
    private volatile boolean closed;
    private volatile @Nullable Exception failure;

    /** A final row that came. */
    private record Arrival(int partition, long end, long nanos) {}

    /** Topics must exist. */
    public LiveReader(String broker, Topics topics, Rules rules) {
        this.rules = rules;
        this.topics = topics;
        consumer = Messages.consumer(broker);
        List<TopicPartition> partitions = new ArrayList<>();
        for (String topic : List.of(topics.sink(), topics.late(), topics.dead())) {
            for (int partition = 0; partition < rules.partitions(); partition++) {
                partitions.add(new TopicPartition(topic, partition));
            }
        }
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        thread.setDaemon(true);
        thread.start();
    }

    private void read() {
        try (consumer) {
            while (!closed) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    take(record);
                }
            }
        } catch (WakeupException e) {
            // It is closed.
        } catch (RuntimeException e) {
            failure = e;
        }
    }

    private synchronized void take(ConsumerRecord<byte[], byte[]> record) {
        Message message = Messages.of(record);
        if (record.topic().equals(topics.sink())) {
            seen.sink().add(message);
            Row row = Row.of(message, rules);
            if (row != null && rules.kind() == Rules.Kind.TOTAL) {
                // Any row will do to see that there is one.
                arrivals.add(new Arrival(message.partition(), LATER + arrivals.size(), System.nanoTime()));
                counts.put(row.key(), row.count());
            } else if (row != null && row.last()) {
                arrivals.add(new Arrival(message.partition(), row.end(), System.nanoTime()));
            }
        } else {
            (record.topic().equals(topics.late()) ? seen.late() : seen.dead()).add(message);
        }
    }

    /**
     * When the last of the sink's partitions had a final row that could not have come before.
     *
     * @param end the row's window ends after this
     * @param since it came after this
     * @return nano time; null if a partition has none yet
     */
    public synchronized @Nullable Long allHaveRowsAfter(long end, long since) {
        Map<Integer, Long> first = new HashMap<>();
        for (int i = arrivals.size() - 1; i >= 0 && arrivals.get(i).nanos > since; i--) {
            Arrival arrival = arrivals.get(i);
            if (arrival.end > end) {
                first.put(arrival.partition, arrival.nanos);
            }
        }
        return first.size() < rules.partitions()
                ? null
                : first.values().stream().mapToLong(Long::longValue).max().orElseThrow();
    }

    /**
     * The longest time, within these, for which a partition of the sink had no row of a further window; in nanoseconds.
     */
    public synchronized long longestPause(long since, long until) {
        long[] last = new long[rules.partitions()];
        long[] end = new long[rules.partitions()];
        Arrays.fill(last, since);
        long longest = 0;
        for (Arrival arrival : arrivals) {
            int partition = arrival.partition;
            if (arrival.end > end[partition]) {
                end[partition] = arrival.end;
                if (arrival.nanos > since && arrival.nanos <= until) {
                    longest = Math.max(longest, arrival.nanos - last[partition]);
                    last[partition] = arrival.nanos;
                }
            }
        }
        return longest;
    }

    /** For how long the partition of the sink that is silent for longest has had no row; in nanoseconds. */
    public synchronized long silence() {
        long[] last = new long[rules.partitions()];
        arrivals.forEach(arrival -> last[arrival.partition] = arrival.nanos);
        return System.nanoTime() - Arrays.stream(last).min().orElseThrow();
    }

    public synchronized int finalRows() {
        return arrivals.size();
    }

    /** How many records the last rows of totals have. */
    public synchronized long total() {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Whether it has read at least as much. */
    public synchronized boolean hasSeen(Evidence.Outputs outputs) {
        return failure != null
                || seen.sink().size() >= outputs.sink().size()
                        && seen.late().size() >= outputs.late().size()
                        && seen.dead().size() >= outputs.dead().size();
    }

    /** What it saw so far. */
    public synchronized Evidence.Outputs seen() {
        if (failure != null) {
            throw new IllegalStateException("the live reader failed", failure);
        }
        return new Evidence.Outputs(
                new ArrayList<>(seen.sink()), new ArrayList<>(seen.late()), new ArrayList<>(seen.dead()));
    }

    @Override
    public void close() {
        closed = true;
        consumer.wakeup();
        try {
            thread.join(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
