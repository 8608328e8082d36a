package io.tally.kafka.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tally.testkafka.HeldReplay;
import io.tally.testkafka.Input;
import io.tally.testkafka.Instance;
import io.tally.testkafka.RecordedEvents.Restored;
import io.tally.testkafka.TestBed;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An instance ends, in order or not, and the next one goes on where it was. */
class RecoveryIT {
    private static final int PARTITIONS = 2;

    @RegisterExtension
    final TestBed bed = new TestBed(PARTITIONS);

    /** The planned stop writes what is open to the state topic, and the next start reads it from there. */
    @Test
    void cleanRestartReplaysNothing() {
        Input input = bed.input();
        Instance first = bed.started("a");
        input.random(500, 12_000);
        bed.awaitProcessed();
        first.stop();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            TestBed.Progress progress = bed.progress(partition);
            assertThat(progress.metadata().recoveryOffset()).isEqualTo(progress.offset());
            assertThat(progress.metadata().storedEntries()).isPositive();
        }

        Instance second = bed.started("a");
        assertThat(second.events().replayed()).isZero();
        assertThat(second.events().restores)
                .hasSize(PARTITIONS)
                .allSatisfy(restored -> assertThat(restored.entries()).isEqualTo(storedEntries(restored.partition())));
        input.random(500, 12_000);
        input.closeWindows();
        bed.assertExact();
        assertThat(second.events().aborts).isEmpty();
    }

    /** What came while nobody ran is counted as if somebody had. */
    @Test
    void cleanRestartUnderLoadIsExact() {
        Input input = bed.input();
        for (int i = 0; i < 4; i++) {
            Instance instance = bed.started("a");
            assertThat(instance.events().replayed()).isZero();
            input.random(1_000, 20_000);
            await().until(() -> instance.events().records.get() > 200);
            instance.stop();
            input.random(100, 3_000);
        }
        input.closeWindows();
        bed.started("a");
        bed.assertExact();
    }

    /** Without a single checkpoint all of it comes from the source. */
    @Test
    void killedInstanceIsRebuiltByReplay() {
        Input input = bed.input();
        Instance first = bed.started("a");
        input.random(500, 12_000);
        bed.awaitProcessed();
        first.kill();
        long open = 0;
        for (int partition = 0; partition < PARTITIONS; partition++) {
            TestBed.Progress progress = bed.progress(partition);
            assertThat(progress.metadata().storedEntries()).isZero();
            open += progress.offset() - progress.metadata().recoveryOffset();
        }

        Instance second = bed.started("a");
        assertThat(second.events().replayed()).isEqualTo(open).isPositive();
        input.random(500, 12_000);
        input.closeWindows();
        bed.assertExact();
    }

    /** Dies in the middle of transactions, again and again; the next one is now itself, now somebody else. */
    @Test
    void manyKillsUnderLoadAreExact() {
        bed.consumerSettings.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 1_000);
        bed.producerSettings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 1_000);
        Random random = new Random(7);
        Input input = bed.input();
        long replayed = 0;
        for (int i = 0; i < 10; i++) {
            bed.consumerSettings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1 + random.nextInt(100));
            bed.pipeline.maxRecordsPerTransaction(1 + random.nextInt(200));
            bed.pipeline.checkpointAfter(1 + random.nextInt(300));
            Instance instance = bed.instance(i / 2 % 2 == 0 ? "a" : "b").start();
            input.random(300 + random.nextInt(700), random.nextInt(30_000));
            long enough = random.nextInt(300);
            await().atMost(Duration.ofSeconds(20))
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> instance.events().records.get() > enough);
            instance.kill();
            replayed += instance.events().replayed();
        }
        input.closeWindows();
        bed.started("a");
        bed.assertExact();
        assertThat(replayed).isPositive();
    }

    /** A window that stays open for long is kept by the state topic, so that not all of it is read again. */
    @Test
    void longWindowsComeFromTheStateTopic() {
        bed.pipeline.checkpointAfter(200);
        Input input = bed.input();
        Instance first = bed.started("a");
        input.random(3_000, 4_000);
        bed.awaitProcessed();
        first.kill();
        assertThat(storedEntries(0)).isPositive();
        assertThat(storedEntries(1)).isPositive();

        Instance second = bed.started("a");
        // Up to the limit and a batch.
        assertThat(second.events().restores).hasSize(PARTITIONS).allSatisfy(restored -> {
            assertThat(restored.entries()).isPositive();
            assertThat(restored.replayed()).isBetween(1L, 300L);
        });
        input.random(500, 1_000);
        bed.awaitProcessed();
        second.kill();

        bed.started("b");
        input.random(500, 12_000);
        input.closeWindows();
        bed.assertExact();
    }

    /** What closes takes its entries out of the state topic, in the transaction of the rows. */
    @Test
    void recoversExactlyAtWindowCloses() {
        bed.pipeline.checkpointAfter(50);
        bed.pipeline.maxRecordsPerTransaction(10);
        Input input = bed.input();
        for (int i = 0; i < 5; i++) {
            Instance instance = bed.started("a");
            input.random(200, 4_000);
            bed.awaitProcessed();
            input.closeWindows();
            if (i % 2 == 0) {
                bed.awaitProcessed();
                // Only the record that closed the others is open now.
                assertThat(storedEntries(0)).isZero();
                assertThat(storedEntries(1)).isZero();
            }
            instance.kill();
        }
        Instance last = bed.started("a");
        input.closeWindows();
        bed.assertExact();
        assertThat(last.events().restores).extracting(Restored::entries).allMatch(entries -> entries <= 20);
    }

    /**
     * A transaction fails while the restore of another partition is nearly done. The outcome of that restore belongs to
     * the dropped memory, and must not be used beside the new restore.
     */
    @Test
    void restoreThatEndsAfterItWasGivenUpIsNotUsed() throws Exception {
        Input input = bed.input();
        Instance first = bed.started("a");
        input.random(300, 3_000);
        bed.awaitProcessed();
        first.kill();

        CyclicBarrier held = new CyclicBarrier(2);
        bed.pipeline.decoder(real -> new HeldReplay(real, held));
        Instance second = bed.instance("a");
        second.faults().nextProducerCalls(1, "commitTransaction", call -> {
            // Not before the second partition is being restored.
            meet(held, 1);
            throw new TimeoutException("the request was lost");
        });
        second.start();
        // The first partition is let through.
        meet(held, 2);
        await().until(() -> !second.events().aborts.isEmpty());
        awaitNextPoll(second);
        meet(held, 2);
        awaitNextPoll(second);
        assertThat(second.active()).as("both are being restored again").isEmpty();
        meet(held, 3);
        input.closeWindows();
        bed.assertExact();
        assertThat(second.events().aborts).hasSize(1);
    }

    /** As long as it is away for less than a minute: what was read so far need not be read again. */
    @Test
    void aRestoreOutlastsABrokerThatIsAway() {
        Input input = bed.input();
        Instance first = bed.started("a");
        input.random(300, 3_000);
        bed.awaitProcessed();
        first.kill();

        AtomicBoolean reading = new AtomicBoolean();
        AtomicInteger unanswered = new AtomicInteger();
        AtomicInteger attempts = new AtomicInteger();
        Instance second = bed.instance("a");
        second.faults().onEveryCall(call -> {
            switch (call.name()) {
                case "restore.poll" -> {
                    reading.set(true);
                    if (unanswered.get() < 2) {
                        LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
                        return ConsumerRecords.empty();
                    }
                }
                case "admin.listOffsets" -> {
                    if (reading.get() && unanswered.getAndIncrement() < 2) {
                        throw new TimeoutException("no answer");
                    }
                }
                case "restore.close" -> attempts.incrementAndGet();
                default -> {}
            }
            return call.proceed();
        });
        second.start().awaitActive(PARTITIONS);
        input.closeWindows();
        bed.assertExact();
        assertThat(unanswered).hasValueGreaterThanOrEqualTo(2);
        assertThat(attempts).hasValue(1);
    }

    private static void meet(CyclicBarrier barrier, int times) throws Exception {
        for (int i = 0; i < times; i++) {
            barrier.await(20, TimeUnit.SECONDS);
        }
    }

    /** Waits until a poll that has not begun yet is over. */
    private static void awaitNextPoll(Instance instance) {
        for (int i = 0; i < 2; i++) {
            Instant last = instance.lane(0).lastPoll();
            await().pollInterval(Duration.ofMillis(1))
                    .until(() -> instance.lane(0).lastPoll().isAfter(last.plusMillis(1)));
        }
    }

    private long storedEntries(int partition) {
        return bed.progress(partition).metadata().storedEntries();
    }
}
