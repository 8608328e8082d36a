package io.tally.kafka.transaction;

import io.tally.codec.Rejection;
import io.tally.codec.SourceRecord;
import io.tally.kafka.topic.TopicLayout;
import io.tally.pipeline.Lateness;
import io.tally.pipeline.Outbox;
import io.tally.plan.Topics;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * One partition's outputs on their way into the lane's current transaction. Sends are not waited for: a failed one
 * makes the commit fail, and is noted so that the failure can be pinned to its partition and topic.
 */
public final class TransactionalOutbox implements Outbox {
    private final LaneTransactions transactions;
    private final Topics topics;
    private final TopicLayout layout;
    private final SideRecords sideRecords;
    private final RowLimit limit;
    private final int partition;
    private final boolean samples;
    private final SendFailures failures;
    private final String[] sinks;
    private final Callback[] sinkCallbacks;
    private final Callback late;
    private final Callback deadLetter;
    private final Callback state;
    private long results;
    private long stateRecords;
    private long tombstones;
    private long bytes;
    private Losses losses = new Losses();

    public TransactionalOutbox(
            LaneTransactions transactions,
            String groupId,
            Topics topics,
            TopicLayout layout,
            RowLimit limit,
            SendFailures failures,
            int partition,
            boolean samples) {
        this.transactions = transactions;
        this.topics = topics;
        this.layout = layout;
        sideRecords = new SideRecords(groupId, topics.source(), partition);
        this.limit = limit;
        this.failures = failures;
        this.partition = partition;
        this.samples = samples;
        sinks = topics.sinks().toArray(String[]::new);
        sinkCallbacks = topics.sinks().stream().map(this::noting).toArray(Callback[]::new);
        late = noting(topics.late());
        deadLetter = noting(topics.deadLetter());
        state = noting(topics.state());
    }

    @Override
    public void result(int sink, byte[] key, byte[] value) {
        results++;
        limit.sent();
        // No timestamp: the time of sending. A window's own time may be too far from now for broker or retention.
        send(new ProducerRecord<>(sinks[sink], key, value), sinkCallbacks[sink]);
    }

    @Override
    public boolean takesSamples() {
        return samples;
    }

    @Override
    public boolean hasRoom(int besides) {
        return limit.hasRoom(results + tombstones, besides);
    }

    @Override
    public void shuffle(int target, byte[] value) {
        send(new ProducerRecord<>(sinks[0], target, null, value), sinkCallbacks[0]);
    }

    @Override
    public void latePartial(SourceRecord record, byte[] key, byte[] row, Lateness lateness) {
        if (losses.add(Losses.LATE, record.offset()) && samples) {
            losses.sample(Losses.LATE, record.offset(), LossSamples.of(key, row, LossSamples.inWords(lateness)));
        }
        send(sideRecords.latePartial(layout.late(), record, key, row, lateness), late);
    }

    @Override
    public void late(SourceRecord record, Lateness lateness) {
        if (losses.add(Losses.LATE, record.offset()) && samples) {
            losses.sample(Losses.LATE, record.offset(), LossSamples.of(record, LossSamples.inWords(lateness)));
        }
        send(sideRecords.late(layout.late(), record, lateness), late);
    }

    @Override
    public void deadLetter(SourceRecord record, Rejection rejection) {
        String reason = rejection.reason().name();
        if (losses.add(reason, record.offset()) && samples) {
            losses.sample(reason, record.offset(), LossSamples.of(record, rejection.detail()));
        }
        send(sideRecords.deadLetter(layout.deadLetter(), record, rejection), deadLetter);
    }

    @Override
    public void state(byte[] key, byte @Nullable [] value) {
        stateRecords++;
        if (value == null) {
            tombstones++;
            limit.sent();
        }
        send(new ProducerRecord<>(topics.state(), partition, key, value), state);
    }

    /** Whether there are rows in the running transaction. */
    public boolean hasResults() {
        return results > 0;
    }

    public long takeResults() {
        long count = results;
        results = 0;
        return count;
    }

    /** What was not counted in the transaction. */
    public Losses takeLosses() {
        Losses taken = losses;
        if (!taken.byReason().isEmpty()) {
            losses = new Losses();
        }
        return taken;
    }

    public long takeStateRecords() {
        long count = stateRecords;
        stateRecords = 0;
        tombstones = 0;
        return count;
    }

    /** Bytes of keys and values that were sent since this was asked last. */
    public long takeBytes() {
        long count = bytes;
        bytes = 0;
        return count;
    }

    private static int length(byte @Nullable [] part) {
        return part == null ? 0 : part.length;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the callback notes a failure, and the commit fails with it
    private void send(ProducerRecord<byte[], byte[]> record, Callback callback) {
        SendFailures.Failure earlier = failures.any();
        if (earlier != null) {
            // The transaction is lost; and each send to a topic that is gone would block for max.block.ms.
            throw new KafkaException("a record could not be sent to topic " + earlier.topic(), earlier.cause());
        }
        bytes += length(record.key()) + length(record.value());
        transactions.producer().send(record, callback);
    }

    private Callback noting(String topic) {
        return (metadata, exception) -> {
            if (exception != null) {
                failures.note(partition, topic, exception);
            }
        };
    }
}
