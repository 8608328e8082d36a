package io.tally.testkafka;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * Sends as the producer does, but waits for the answer to the first record of each partition.
 *
 * <p>A partition that was just created may refuse one request and take the next. An idempotent producer has several on
 * their way. The broker accepts any sequence number as a producer's first, so it takes the second batch, and then
 * refuses the first for ever, as out of order.
 */
public final class PatientSender {
    private final Producer<byte[], byte[]> producer;
    private final int partitions;
    private final Set<Integer> answered = ConcurrentHashMap.newKeySet();

    /** @param partitions how many the topic has */
    public PatientSender(Producer<byte[], byte[]> producer, int partitions) {
        this.producer = producer;
        this.partitions = partitions;
    }

    /** @param callback learns of failures, too */
    public void send(ProducerRecord<byte[], byte[]> record, Callback callback) {
        Future<RecordMetadata> sent = producer.send(record, callback);
        Integer partition = record.partition();
        if (partition == null ? answered.size() < partitions : !answered.contains(partition)) {
            awaitAnswer(sent);
        }
    }

    private void awaitAnswer(Future<RecordMetadata> sent) {
        try {
            answered.add(sent.get().partition());
        } catch (ExecutionException e) {
            // The callback knows.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
