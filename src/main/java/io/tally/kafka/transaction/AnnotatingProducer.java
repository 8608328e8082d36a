package io.tally.kafka.transaction;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.metrics.KafkaMetric;

/**
 * The lane's producer. It passes everything on, but lets the lane say which offsets go into a transaction, and with
 * which metadata. The container only knows where its poll ended, and the metadata are the superblock of recovery. It
 * also tells the lane about failures in the two steps that no transaction manager reports and that the container may
 * only log.
 */
final class AnnotatingProducer implements Producer<byte[], byte[]> {
    private final Producer<byte[], byte[]> delegate;
    private final UnaryOperator<Map<TopicPartition, OffsetAndMetadata>> annotation;
    private final Consumer<RuntimeException> failures;

    AnnotatingProducer(
            Producer<byte[], byte[]> delegate,
            UnaryOperator<Map<TopicPartition, OffsetAndMetadata>> annotation,
            Consumer<RuntimeException> failures) {
        this.delegate = delegate;
        this.annotation = annotation;
        this.failures = failures;
    }

    private void tell(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException e) {
            failures.accept(e);
            throw e;
        }
    }

    @Override
    public void sendOffsetsToTransaction(
            Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata groupMetadata) {
        tell(() -> delegate.sendOffsetsToTransaction(annotation.apply(offsets), groupMetadata));
    }

    @Override
    public void initTransactions() {
        closeUponError(delegate::initTransactions);
    }

    @Override
    public void beginTransaction() {
        closeUponError(delegate::beginTransaction);
    }

    /** Spring closes a producer that cannot begin for an exception. For an error it forgets it, with its thread. */
    private void closeUponError(Runnable call) {
        try {
            call.run();
        } catch (Error e) {
            delegate.close(Duration.ZERO);
            throw e;
        }
    }

    @Override
    public void commitTransaction() {
        delegate.commitTransaction();
    }

    @Override
    public void abortTransaction() {
        tell(delegate::abortTransaction);
    }

    @Override
    public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record) {
        return delegate.send(record);
    }

    @Override
    public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, Callback callback) {
        return delegate.send(record, callback);
    }

    @Override
    public void flush() {
        delegate.flush();
    }

    @Override
    public List<PartitionInfo> partitionsFor(String topic) {
        return delegate.partitionsFor(topic);
    }

    @Override
    public Map<MetricName, ? extends Metric> metrics() {
        return delegate.metrics();
    }

    @Override
    public Uuid clientInstanceId(Duration timeout) {
        return delegate.clientInstanceId(timeout);
    }

    @Override
    public void registerMetricForSubscription(KafkaMetric metric) {
        delegate.registerMetricForSubscription(metric);
    }

    @Override
    public void unregisterMetricFromSubscription(KafkaMetric metric) {
        delegate.unregisterMetricFromSubscription(metric);
    }

    @Override
    public void close() {
        delegate.close();
    }

    @Override
    public void close(Duration timeout) {
        delegate.close(timeout);
    }
}
