package io.tally.kafka.transaction;

import io.tally.kafka.client.ClientListeners;
import io.tally.kafka.client.Futures;
import io.tally.setting.Setting;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.TransactionIdSuffixStrategy;
import org.springframework.kafka.transaction.KafkaTransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * A lane's transactions: one producer at a time, under one transactional id that never changes. So initialising the id
 * again settles whatever a former producer left open, in this process or in a dead one.
 */
public final class LaneTransactions {
    /** A failed producer must not hold up the recovery: what it still has in flight is void anyway. */
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

    /** The client's own default. */
    private static final int DEFAULT_TIMEOUT_MILLIS = 60_000;

    /**
     * After a silence that long the broker is asked whether it still knows the id; it forgets ids after a week or so.
     */
    private static final Duration SILENCE = Duration.ofSeconds(10);

    private static final Logger log = LoggerFactory.getLogger(LaneTransactions.class);

    private final String transactionalId;
    private final Supplier<Admin> admin;
    private final Duration timeout;
    private final DefaultKafkaProducerFactory<byte[], byte[]> producers;
    private final ConfirmingTransactionManager manager;
    private final TransactionTemplate template;
    private volatile @Nullable Producer<byte[], byte[]> current;
    /** When a transaction began last; only read and written where one begins. */
    private volatile long lastBegin;

    public LaneTransactions(
            Map<String, Object> settings,
            String transactionalId,
            String clientId,
            ClientListeners listeners,
            Supplier<Admin> admin,
            UnaryOperator<Map<TopicPartition, OffsetAndMetadata>> annotation,
            ConfirmingTransactionManager.Outcome outcome) {
        this.transactionalId = transactionalId;
        this.admin = admin;
        timeout = Duration.ofMillis(
                Long.parseLong(settings.getOrDefault(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, DEFAULT_TIMEOUT_MILLIS)
                        .toString()));
        Map<String, Object> configuration = new HashMap<>(settings);
        configuration.put(ProducerConfig.CLIENT_ID_CONFIG, clientId);
        producers = new DefaultKafkaProducerFactory<>(configuration);
        producers.setTransactionIdPrefix(transactionalId);
        producers.setTransactionIdSuffixStrategy(new OneId());
        producers.setPhysicalCloseTimeout((int) CLOSE_TIMEOUT.toSeconds());
        listeners.producerPostProcessors().forEach(producers::addPostProcessor);
        producers.addPostProcessor(producer -> {
            AnnotatingProducer annotating = new AnnotatingProducer(producer, annotation, outcome::failed);
            current = annotating;
            return annotating;
        });
        listeners.producers().forEach(producers::addListener);
        manager = new ConfirmingTransactionManager(producers, this::renewIfForgotten, outcome);
        manager.setCloseTimeout(CLOSE_TIMEOUT);
        template = new TransactionTemplate(manager);
    }

    /** When the broker aborts a transaction of this lane that is still open; it belongs to the transactional id. */
    public Duration timeout() {
        return timeout;
    }

    public KafkaTransactionManager<byte[], byte[]> manager() {
        return manager;
    }

    /** The producer of the current transaction. Only valid between its begin and its end. */
    public Producer<byte[], byte[]> producer() {
        Producer<byte[], byte[]> producer = current;
        if (producer == null) {
            throw new IllegalStateException("no transaction has begun");
        }
        return producer;
    }

    /**
     * Runs a transaction of its own. If a transaction of the container is running, that one is committed together with
     * the work, and a new one begins.
     */
    public void execute(Runnable work) {
        if (!TransactionSynchronizationManager.hasResource(producers)) {
            template.executeWithoutResult(status -> work.run());
            return;
        }
        work.run();
        Producer<byte[], byte[]> producer = producer();
        manager.confirming(producer::commitTransaction);
        producer.beginTransaction();
    }

    /**
     * Makes the next transaction begin with a new producer if the broker has forgotten the id in a long silence
     * (transactional.id.expiration.ms). Otherwise that transaction would fail, and the state be rebuilt.
     */
    private void renewIfForgotten() {
        long now = System.nanoTime();
        boolean silent = now - lastBegin >= SILENCE.toNanos();
        lastBegin = now;
        if (silent && current != null && isForgotten()) {
            log.info(
                    "Transactional id {} was without a transaction for so long that the broker has forgotten it; it is"
                            + " initialised anew",
                    transactionalId);
            producers.reset();
        }
    }

    private boolean isForgotten() {
        try {
            Futures.get(
                    admin.get().describeTransactions(List.of(transactionalId)).description(transactionalId));
            return false;
        } catch (TransactionalIdNotFoundException e) {
            return true;
        } catch (KafkaException e) {
            log.debug("Not known whether the broker knows {}", transactionalId, e);
            return false;
        }
    }

    /** What may be wrong with a transaction that failed at this age; empty if the age tells nothing. */
    public String hint(Duration age) {
        return age.compareTo(timeout) < 0
                ? ""
                : "; it took " + age.toMillis() + " ms, and the broker aborts it after transaction.timeout.ms="
                        + timeout.toMillis() + ": should that happen again and again although the broker is well, then"
                        + " the rows of a transaction are too many for it, so lower " + Setting.MAX_ROWS_PER_TRANSACTION
                        + "; or a function"
                        + " of yours takes too long for the records of a poll, so lower " + Setting.MAX_POLL_RECORDS;
    }

    /**
     * Ends any transaction that is open under the lane's id, by initialising a new producer with it. Afterwards every
     * earlier transaction is decided. May block for {@code max.block.ms}. Only allowed while no transaction of this
     * lane runs.
     */
    public void settle() {
        producers.reset();
        producers.createProducer().close();
    }

    public void close() {
        Producer<byte[], byte[]> last = current;
        EndAll.all(producers::reset, () -> {
            // The factory does not close a producer whose initialisation failed with an error.
            if (last != null) {
                last.close(CLOSE_TIMEOUT);
            }
        });
    }

    /** The whole id is the prefix. Spring's default appends a counter and so a new id for each failed producer. */
    private static final class OneId implements TransactionIdSuffixStrategy {
        @Override
        public String acquireSuffix(@Nullable String prefix) {
            return "";
        }

        @Override
        public void releaseSuffix(@Nullable String prefix, @Nullable String suffix) {
            // The one id is never used up.
        }
    }
}
