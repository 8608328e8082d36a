package io.tally.testkafka;

import static org.awaitility.Awaitility.await;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Lets things happen while the lane of an instance is in a transaction with records. */
public abstract class OpenTransactions {
    public static final int PARTITIONS = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @RegisterExtension
    public final TestBed bed = new TestBed(PARTITIONS);

    /** Whether the lane of the instance that is watched is in a transaction with records. */
    public final AtomicBoolean inTransaction = new AtomicBoolean();

    /** The partitions that the transaction has records of. */
    public final Set<TopicPartition> taken = new HashSet<>();

    public final AtomicBoolean happened = new AtomicBoolean();

    public void noteTransactions(Instance instance) {
        instance.faults().onProducer("beginTransaction", call -> {
            inTransaction.set(true);
            return call.proceed();
        });
        instance.faults().onProducer("sendOffsetsToTransaction", call -> {
            inTransaction.set(false);
            return call.proceed();
        });
    }

    /**
     * In the middle of a transaction with records of all partitions lets something happen, and polls until it has come
     * to pass; the lane gets all of that as one poll. Feeds the instance until then.
     */
    public void inTheMiddleOfATransaction(Instance instance, Input input, Runnable event, BooleanSupplier come) {
        noteTransactions(instance);
        instance.faults().onConsumer("poll", call -> {
            if (!inTransaction.get()) {
                taken.clear();
            } else if (taken.size() == PARTITIONS && !happened.getAndSet(true)) {
                event.run();
                Polls polls = new Polls();
                await().atMost(PATIENCE)
                        .pollInterval(Duration.ofMillis(5))
                        .pollInSameThread()
                        .until(() -> {
                            polls.add(poll(call));
                            return come.getAsBoolean();
                        });
                return polls.all();
            }
            ConsumerRecords<ByteBuffer, ByteBuffer> records = poll(call);
            taken.addAll(records.partitions());
            return records;
        });
        await().atMost(PATIENCE).until(() -> {
            input.random(2_000, 500);
            return happened.get();
        });
    }

    @SuppressWarnings("unchecked") // of the lane's consumer
    public static ConsumerRecords<ByteBuffer, ByteBuffer> poll(Faults.Call call) {
        try {
            return (ConsumerRecords<ByteBuffer, ByteBuffer>) call.proceed();
        } catch (RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** Several polls that are handed over as one. */
    private static final class Polls {
        private final Map<TopicPartition, List<ConsumerRecord<ByteBuffer, ByteBuffer>>> records = new HashMap<>();
        private final Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();

        public void add(ConsumerRecords<ByteBuffer, ByteBuffer> poll) {
            for (TopicPartition id : poll.partitions()) {
                records.computeIfAbsent(id, partition -> new ArrayList<>()).addAll(poll.records(id));
            }
            next.putAll(poll.nextOffsets());
        }

        public ConsumerRecords<ByteBuffer, ByteBuffer> all() {
            return new ConsumerRecords<>(records, next);
        }
    }
}
