package io.tally.kafka.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tally.pipeline.status.LaneStatus;
import io.tally.testkafka.Answers;
import io.tally.testkafka.Input;
import io.tally.testkafka.Instance;
import io.tally.testkafka.TestBed;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Partitions move between instances: handed over, taken from the dead, or fought for. */
class TakeoverIT {
    private static final int PARTITIONS = 4;

    @RegisterExtension
    final TestBed bed = new TestBed(PARTITIONS);

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void plannedHandoverReplaysNothing(String protocol) {
        protocol(protocol);
        Input input = bed.input();
        Instance a = bed.started("a");
        input.random(1_000, 20_000);
        bed.awaitProcessed();

        Instance b = bed.instance("b").start().awaitActive(2);
        a.awaitActive(2);
        assertThat(b.events().restores).hasSize(2).allMatch(restored -> restored.entries() > 0);
        assertThat(b.events().replayed()).isZero();
        assertThat(a.events().restores).as("a kept the memory of two").hasSize(PARTITIONS);
        input.random(1_000, 20_000);
        bed.awaitProcessed();

        b.stop();
        a.awaitActive(PARTITIONS);
        assertThat(a.events().restores).hasSize(PARTITIONS + 2);
        assertThat(a.events().replayed()).isZero();
        input.random(500, 10_000);
        input.closeWindows();
        bed.assertExact();
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void comingAndGoingUnderLoadIsExact(String protocol) {
        protocol(protocol);
        bed.pipeline.maxRecordsPerTransaction(20);
        bed.consumerSettings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 4);
        Input input = bed.input();
        Instance a = bed.started("a");
        for (int i = 0; i < 2; i++) {
            input.random(2_000, 20_000);
            Instance b = bed.instance("b").start().awaitActive(2);
            input.random(1_000, 10_000);
            b.stop();
        }
        a.awaitActive(PARTITIONS);
        input.closeWindows();
        bed.assertExact();
    }

    /** One instance after the other, under load; the first one stops, and the other is killed. */
    @Test
    void changingToTheConsumerProtocolIsExact() {
        bed.consumerSettings.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "classic");
        Input input = bed.input();
        Instance a = bed.started("a");
        Instance b = bed.instance("b").start().awaitActive(2);
        input.random(1_000, 10_000);
        a.stop();
        bed.consumerSettings.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "consumer");
        bed.instance("a").start().awaitActive(2);
        input.random(1_000, 10_000);
        b.awaitActive(2);
        b.kill();
        bed.instance("b").start().awaitActive(2);
        input.random(1_000, 10_000);
        input.closeWindows();
        bed.assertExact();
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void survivorTakesOverFromTheKilled(String protocol) {
        protocol(protocol);
        Input input = bed.input();
        Instance a = bed.started("a");
        Instance b = bed.instance("b").start().awaitActive(2);
        a.awaitActive(2);
        input.random(2_000, 20_000);
        await().until(() -> a.events().records.get() > 200);
        a.kill();
        input.random(500, 10_000);
        b.awaitActive(PARTITIONS);
        input.closeWindows();
        bed.assertExact();
        assertThat(b.events().replayed()).isPositive();
    }

    /**
     * The owner dies with a transaction open. If it dies at the commit, the pending offset holds up the next owner. If
     * it dies before the offsets are sent, nothing does, but the rows would hold up the sink's readers.
     */
    @ParameterizedTest
    @ValueSource(strings = {"sendOffsetsToTransaction", "commitTransaction"})
    void endsTheTransactionThatADeadOwnerLeftOpen(String dying) throws Exception {
        outliveTheBrokersTimeout();
        Input input = bed.input();
        Instance a = bed.started("a");
        input.random(500, 12_000);
        bed.awaitProcessed();
        CountDownLatch died = dieAt(a, dying);
        input.closeWindows();
        assertDies(a, died);

        assertTakenOver(a);
        input.random(500, 12_000);
        input.closeWindows();
        bed.assertExact();
    }

    /**
     * No metadata names it: it died before its first commit. If it died before the offsets were sent, only the state
     * partition tells, in which its birth is not decided.
     */
    @ParameterizedTest
    @ValueSource(strings = {"sendOffsetsToTransaction", "commitTransaction"})
    void endsTheTransactionOfAnOwnerThatDiedInItsFirst(String dying) throws Exception {
        outliveTheBrokersTimeout();
        Input input = bed.input();
        input.random(500, 12_000);
        Instance a = bed.instance("a");
        CountDownLatch died = dieAt(a, dying);
        a.start();
        assertDies(a, died);

        assertTakenOver(a);
        input.closeWindows();
        bed.assertExact();
    }

    /** The metadata name the one before it, and all that it left open are offsets: only these tell. */
    @Test
    void endsTheTransactionOfAnOwnerThatDiedRightAfterItTookOver() throws Exception {
        outliveTheBrokersTimeout();
        Input input = bed.input();
        Instance first = bed.started("a");
        input.random(500, 12_000);
        bed.awaitProcessed();
        first.stop();
        Instance next = bed.instance("c");
        CountDownLatch died = dieAt(next, "commitTransaction");
        // Of windows that are open: no row leaves, and no entry is written or forgotten.
        input.random(200, 0);
        next.start();
        assertDies(next, died);

        assertTakenOver(next);
        input.closeWindows();
        bed.assertExact();
    }

    /** Before anybody can take over. */
    @Test
    void endsTheTransactionThatItLeftOpenItself() throws Exception {
        outliveTheBrokersTimeout();
        Input input = bed.input();
        Instance a = bed.started("a");
        input.random(500, 12_000);
        bed.awaitProcessed();
        CountDownLatch died = dieAt(a, "commitTransaction");
        input.closeWindows();
        assertDies(a, died);

        Instance again = bed.started("a");
        assertThat(again.events().fenced).isEmpty();
        input.random(500, 12_000);
        input.closeWindows();
        bed.assertExact();
    }

    /**
     * It has polled records, and has yet to begin the transaction for them, so there is none that others could end.
     * Only the group's generation tells that they have taken over.
     */
    @Test
    void commitsNothingThatOthersHaveTakenOverMeanwhile() throws Exception {
        bed.consumerSettings.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 1_500);
        bed.consumerSettings.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, 3_000);
        Input input = bed.input();
        Instance a = bed.started("a");
        input.random(500, 12_000);
        bed.awaitProcessed();
        CountDownLatch frozen = new CountDownLatch(1);
        CountDownLatch thawed = new CountDownLatch(1);
        a.faults().onProducer("beginTransaction", call -> {
            frozen.countDown();
            thawed.await();
            return call.proceed();
        });
        input.random(1_000, 20_000);
        assertThat(frozen.await(10, TimeUnit.SECONDS)).isTrue();

        bed.instance("b").start().awaitActive(PARTITIONS);
        bed.awaitProcessed();
        a.faults().heal();
        thawed.countDown();
        await().until(() -> !a.events().aborts.isEmpty());
        input.random(500, 12_000);
        input.closeWindows();
        bed.assertExact();
    }

    /**
     * It reads the committed offset, is taken for dead, and reads what its successor has written since; of all that it
     * learns only later. That its reading does not fit together is no reason to refuse the partition.
     */
    @Test
    void doesNotRefuseWhatItsSuccessorHasCommittedMeanwhile() throws Exception {
        bed.pipeline.checkpointAfter(Duration.ofMillis(1));
        Input input = bed.input();
        Instance a = bed.started("a");
        input.random(300, 8_000);
        bed.awaitProcessed();
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicBoolean isUnaware = new AtomicBoolean();
        AtomicInteger looks = new AtomicInteger();
        a.faults().onRestore("committed", call -> {
            if (looks.incrementAndGet() == 1) {
                // Of all partitions at once; now each has its turn.
                throw new TimeoutException("test");
            }
            Object offsets = call.proceed();
            held.countDown();
            goOn.await();
            return offsets;
        });
        a.faults().onConsumer("poll", call -> isUnaware.get() ? ConsumerRecords.empty() : call.proceed());
        a.faults().nextProducerCalls(1, "commitTransaction", call -> {
            isUnaware.set(true);
            throw new KafkaException("test");
        });
        input.random(100, 2_000);
        assertThat(held.await(30, TimeUnit.SECONDS)).isTrue();

        Answers.get(bed.admin()
                .removeMembersFromConsumerGroup(
                        bed.groupId(),
                        new RemoveMembersFromConsumerGroupOptions(
                                List.of(new MemberToRemove(a.pipeline().groupInstanceId(0)))))
                .all());
        Instance b = bed.instance("b").start().awaitActive(PARTITIONS);
        input.random(300, 8_000);
        bed.awaitProcessed();
        int before = looks.get();
        goOn.countDown();
        await("a refusal, or another look at the offset")
                .until(() -> !a.events().refusals.isEmpty() || looks.get() >= before + 2);
        isUnaware.set(false);

        a.awaitActive(2);
        b.awaitActive(2);
        assertThat(a.events().refusals).isEmpty();
        input.closeWindows();
        bed.assertExact();
    }

    /** The newer process has the group's place, and the older one says why it stopped. */
    @Test
    void elderOfTwoWithTheSameIdStops() {
        Input input = bed.input();
        Instance elder = bed.started("a");
        input.random(2_000, 20_000);
        Instance younger = bed.instance("a").start();
        input.random(1_000, 10_000);

        LaneStatus ended = await().until(() -> elder.lane(0), lane -> lane.ended() && !lane.running());
        assertThat(ended.problem())
                .contains("Lane 0 of pipeline it has stopped")
                .contains("another process runs with the same instance id 'a'")
                .contains(bed.groupId())
                .contains("Give each process its own tally.instance-id");
        younger.awaitActive(PARTITIONS);
        input.closeWindows();
        bed.assertExact();
        assertThat(younger.lane(0).ended()).isFalse();
        assertThat(younger.lane(0).problem()).isNull();
    }

    /** Under the consumer protocol both are members, and fight for the transactional id until one gives in. */
    @Test
    void oneOfTwoWithTheSameIdStopsUnderTheConsumerProtocol() {
        protocol("consumer");
        Input input = bed.input();
        Instance elder = bed.started("a");
        Instance younger = bed.instance("a").start();
        List<Instance> both = List.of(elder, younger);
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            input.random(50, 500);
            return both.stream().anyMatch(instance -> instance.lane(0).ended());
        });

        Instance ended = elder.lane(0).ended() ? elder : younger;
        Instance survivor = ended == elder ? younger : elder;
        assertThat(ended.lane(0).problem())
                .contains("its transactional id '" + bed.groupId() + ":a:0' was taken over again and again")
                .contains("another process runs with the same instance id 'a'");
        survivor.awaitActive(PARTITIONS);
        input.closeWindows();
        bed.assertExact();
        assertThat(survivor.lane(0).ended()).isFalse();
    }

    private void protocol(String protocol) {
        bed.consumerSettings.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, protocol);
        if (protocol.equals("classic")) {
            bed.consumerSettings.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 1_500);
        }
    }

    /** Makes transactions live longer than the test, so that none can pass because the broker aborted one. */
    private void outliveTheBrokersTimeout() {
        bed.consumerSettings.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 1_500);
        bed.producerSettings.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 600_000);
    }

    /** Kills an instance when it calls a method of its producer, once the broker knows of its transaction. */
    private CountDownLatch dieAt(Instance instance, String method) {
        String id = instance.pipeline().transactionalId(0);
        CountDownLatch died = new CountDownLatch(1);
        instance.faults().onProducer(method, call -> {
            await().pollInterval(Duration.ofMillis(10)).until(() -> isOpen(id));
            instance.faults().kill();
            died.countDown();
            throw new KafkaException("died");
        });
        return died;
    }

    private boolean isOpen(String transactionalId) {
        KafkaFuture<TransactionDescription> answer =
                bed.admin().describeTransactions(List.of(transactionalId)).description(transactionalId);
        return Answers.get(answer).state() == TransactionState.ONGOING;
    }

    /** It comes to the call that it does not survive. */
    private static void assertDies(Instance instance, CountDownLatch died) throws InterruptedException {
        assertThat(died.await(10, TimeUnit.SECONDS)).isTrue();
        instance.kill();
    }

    private void assertTakenOver(Instance dead) {
        String id = dead.pipeline().transactionalId(0);
        assertThat(isOpen(id)).as("its transaction is open").isTrue();
        Instance b = bed.instance("b").start();
        await("take-over").atMost(Duration.ofSeconds(12)).until(() -> b.active().count() == PARTITIONS);
        assertThat(b.events().fenced).containsExactly(id);
        await("end of the transaction").until(() -> !isOpen(id));
        assertThat(b.lane(0).fencings()).isEqualTo(1);
    }
}
