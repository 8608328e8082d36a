package io.tally.kafka.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tally.pipeline.status.PartitionPhase;
import io.tally.pipeline.status.Refusal;
import io.tally.plan.Topics;
import io.tally.testkafka.Answers;
import io.tally.testkafka.Faults;
import io.tally.testkafka.Input;
import io.tally.testkafka.Instance;
import io.tally.testkafka.LinesPipeline;
import io.tally.testkafka.TestBed;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * When the broker rejects a record, the client fails everything of the transaction that it has not sent, with the same
 * exception, whichever partition the output belongs to.
 */
class GuiltyPartitionIT {
    private static final int LATE = 20;

    @RegisterExtension
    final TestBed bed = new TestBed(2);

    /** The row of partition 1 is too large for the sink; late records of partition 0 are in the same transaction. */
    @Test
    void onlyItsOwnFailureIsCountedAgainstAPartition() {
        String sink = bed.topics().sink();
        maxMessageBytes(sink, 2_000);
        // Several batches of late records, one after the other: the last ones wait while the row is on its way.
        bed.producerSettings.put(ProducerConfig.BATCH_SIZE_CONFIG, 1_000);
        bed.producerSettings.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
        Instance instance = bed.started("a");
        Input input = bed.input();
        input.send(1, "p1-k1", input.time() + " p1-k1 5 " + Input.noise(4_000));
        input.send(0, 1, input.time());
        input.flush();
        bed.awaitProcessed();

        SentTogether sends = new SentTogether(instance);
        for (int i = 0; i < LATE; i++) {
            input.send(0, 1, input.time() - 60_000);
        }
        input.advance(LinesPipeline.SIZE.toMillis() + LinesPipeline.GRACE.toMillis());
        input.send(1, 0, input.time());
        input.flush();

        Refusal refusal = instance.awaitRefusal(1);
        assertThat(refusal.problem())
                .contains("The outputs of " + bed.source(1) + " cannot be written to topic " + sink)
                .contains("RecordTooLargeException");
        assertThat(sends.handedOn).isTrue();
        instance.faults().heal();
        await("the late records")
                .atMost(Duration.ofSeconds(30))
                .until(() -> bed.progress(0).metadata().ledger().late() == LATE);
        assertThat(instance.events().refusals).hasSize(1);
        instance.stop();

        maxMessageBytes(sink, 10_000);
        bed.started("a");
        input.closeWindows();
        bed.assertExact();
    }

    /** Makes each transaction take the records of both partitions, and lets its sends fail only after all were made. */
    private final class SentTogether {
        private final Instance instance;
        private final CountDownLatch polled = new CountDownLatch(1);
        private volatile CountDownLatch made = new CountDownLatch(0);
        private volatile CountDownLatch told = new CountDownLatch(0);
        /** Whether a late record failed with the same exception as the row. */
        private volatile boolean handedOn;

        SentTogether(Instance instance) {
            this.instance = instance;
            instance.faults().onConsumer("poll", this::poll);
            instance.faults().onProducer("beginTransaction", call -> {
                made = new CountDownLatch(1);
                told = new CountDownLatch(0);
                // No metadata comes while a callback waits.
                Topics topics = bed.topics();
                List.of(topics.sink(), topics.late(), topics.state())
                        .forEach(instance.faults().newestProducer()::partitionsFor);
                return call.proceed();
            });
            instance.faults().onProducer("send", this::send);
            instance.faults().onProducer("sendOffsetsToTransaction", call -> {
                made.countDown();
                await(told);
                return call.proceed();
            });
            instance.faults().onProducer("abortTransaction", call -> {
                made.countDown();
                return call.proceed();
            });
            // A poll that began earlier is not held together.
            await(polled);
        }

        private Object send(Faults.Call call) throws Throwable {
            boolean late = call.record().topic().equals(bed.topics().late());
            if (late && told.getCount() == 0) {
                told = new CountDownLatch(1);
            }
            CountDownLatch all = made;
            CountDownLatch failed = told;
            return call.proceedBeforeCallback((metadata, exception) -> {
                await(all);
                if (late && exception != null) {
                    if (exception instanceof RecordTooLargeException) {
                        handedOn = true;
                    }
                    failed.countDown();
                }
            });
        }

        /** The records of both partitions at once, or none. */
        @SuppressWarnings("unchecked") // of a lane's consumer
        private ConsumerRecords<ByteBuffer, ByteBuffer> poll(Faults.Call call) throws Throwable {
            Map<TopicPartition, List<ConsumerRecord<ByteBuffer, ByteBuffer>>> records = new HashMap<>();
            Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();
            int count = 0;
            polled.countDown();
            if (instance.partitions().stream().anyMatch(status -> status.phase() == PartitionPhase.RESTORING)) {
                LockSupport.parkNanos(1_000_000);
                return ConsumerRecords.empty();
            }
            long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
            do {
                ConsumerRecords<ByteBuffer, ByteBuffer> more = (ConsumerRecords<ByteBuffer, ByteBuffer>) call.proceed();
                more.partitions()
                        .forEach(id -> records.computeIfAbsent(id, any -> new ArrayList<>())
                                .addAll(more.records(id)));
                next.putAll(more.nextOffsets());
                count += more.count();
            } while (count > 0 && count <= LATE && instance.active().count() == 2 && System.nanoTime() < deadline);
            return new ConsumerRecords<>(records, next);
        }

        private static void await(CountDownLatch latch) {
            try {
                latch.await(10, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void maxMessageBytes(String topic, int bytes) {
        AlterConfigOp set = new AlterConfigOp(
                new ConfigEntry(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, String.valueOf(bytes)), AlterConfigOp.OpType.SET);
        Answers.get(bed.admin()
                .incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.TOPIC, topic), List.of(set)))
                .all());
    }
}
