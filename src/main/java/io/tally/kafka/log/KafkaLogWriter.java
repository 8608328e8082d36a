package io.tally.kafka.log;

import io.tally.kafka.client.Causes;
import io.tally.kafka.client.ClientSettings;
import io.tally.kafka.client.NativeLz4;
import io.tally.pipeline.log.CommittedOffset;
import io.tally.pipeline.log.LogException;
import io.tally.pipeline.log.LogWriter;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.jspecify.annotations.Nullable;

/** A {@link LogWriter} with a producer of one transactional id, which fences every other writer of that id. */
public final class KafkaLogWriter implements LogWriter {
    /** The next writer aborts a transaction that failed, so there is no need to wait for it. */
    private static final Duration CLOSE = Duration.ofSeconds(1);

    private final ClientSettings settings;
    private final BrokerQuestions broker;
    private final String transactionalId;
    private final String clientId;
    private final Map<String, ConsumerGroupMetadata> groups = new HashMap<>();
    private final Producer<byte[], byte[]> producer;
    private boolean isBroken;

    /** Makes the producer, and waits for the broker only once. */
    public KafkaLogWriter(
            ClientSettings settings,
            String transactionalId,
            String name,
            UnaryOperator<Producer<byte[], byte[]>> wrapping) {
        this(settings, transactionalId, name, wrapping, AskAgain.NEVER);
    }

    /**
     * Makes the producer. It connects with {@link #begin}.
     *
     * @param name what the client is called after "tally-"
     * @param wrapping stands in front of the producer
     * @param again how long it waits until transactions can begin
     * @throws LogException if what listens at the broker's address is no Kafka
     */
    public KafkaLogWriter(
            ClientSettings settings,
            String transactionalId,
            String name,
            UnaryOperator<Producer<byte[], byte[]>> wrapping,
            AskAgain again) {
        this.settings = settings;
        this.transactionalId = transactionalId;
        clientId = "tally-" + name + "-writer";
        NativeLz4.load();
        broker = new BrokerQuestions(settings, again);
        Map<String, Object> configuration = new HashMap<>(settings.producer());
        configuration.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
        configuration.put(ProducerConfig.CLIENT_ID_CONFIG, clientId);
        producer = wrapping.apply(new KafkaProducer<>(configuration));
    }

    @Override
    public void begin() {
        call("Transactions of " + transactionalId + " cannot begin", this::initTransactions);
    }

    /** The only call that can be made again after a time-out: it goes on with what it had begun. */
    private void initTransactions() {
        broker.untilAnswered("the transactional id " + transactionalId, () -> {
            producer.initTransactions();
            return true;
        });
    }

    @Override
    public void commit(List<Output> outputs, String group, String topic, int partition, CommittedOffset offset) {
        AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
        try {
            call("Nothing of the transaction was written", () -> {
                producer.beginTransaction();
                outputs.forEach(output -> send(output, failure));
                producer.sendOffsetsToTransaction(
                        Map.of(
                                new TopicPartition(topic, partition),
                                new OffsetAndMetadata(offset.offset(), offset.metadata())),
                        metadata(group));
                producer.flush();
                Exception failed = failure.get();
                if (failed != null) {
                    throw new KafkaException(failed);
                }
            });
        } catch (LogException e) {
            abort();
            throw e;
        }
        call(
                "It is not known whether the last transaction was committed; the next run finds out",
                producer::commitTransaction);
    }

    /** Metadata of a group that nobody has joined. Only a consumer can make them; it need not connect for that. */
    private ConsumerGroupMetadata metadata(String group) {
        ConsumerGroupMetadata found = groups.get(group);
        if (found == null) {
            Map<String, Object> configuration = new HashMap<>(settings.consumer());
            configuration.remove(ConsumerConfig.GROUP_PROTOCOL_CONFIG);
            configuration.put(ConsumerConfig.GROUP_ID_CONFIG, group);
            configuration.put(ConsumerConfig.CLIENT_ID_CONFIG, clientId);
            try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(configuration)) {
                found = consumer.groupMetadata();
            }
            groups.put(group, found);
        }
        return found;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the callback notes a failure
    private void send(Output output, AtomicReference<@Nullable Exception> failure) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(output.topic(), output.partition(), output.key(), output.value());
        output.headers().forEach(header -> record.headers().add(header.getKey(), header.getValue()));
        producer.send(record, (metadata, exception) -> {
            if (exception != null) {
                failure.compareAndSet(null, exception);
            }
        });
    }

    /** Aborts, so that readers need not wait for the time-out. If that fails, the next writer does it. */
    private void abort() {
        try {
            producer.abortTransaction();
        } catch (RuntimeException e) {
            isBroken = true;
        }
    }

    private void call(String problem, Runnable work) {
        if (isBroken) {
            throw new LogException(problem + ": an earlier transaction has failed. Run the command again");
        }
        try {
            work.run();
        } catch (ProducerFencedException | InvalidProducerEpochException e) {
            isBroken = true;
            throw new LogException(
                    problem + ": another one has begun since, which has the same transactional id " + transactionalId,
                    e);
        } catch (AuthorizationException e) {
            isBroken = true;
            throw new LogException(
                    problem + ", as it is not allowed: " + Causes.describe(e)
                            + ". Allow Write on the transactional id and on the topics, and Read on the group",
                    e);
        } catch (KafkaException | IllegalStateException e) {
            isBroken = true;
            throw new LogException(problem + ": " + Causes.describe(e), e);
        }
    }

    @Override
    public void close() {
        producer.close(CLOSE);
    }
}
