package io.tally.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tally.aggregate.Aggregate;
import io.tally.aggregate.BrokenAggregateException;
import io.tally.aggregate.Cells;
import io.tally.aggregate.Event;
import io.tally.aggregate.StateInput;
import io.tally.aggregate.StateOutput;
import io.tally.aggregate.exact.BuiltIn;
import io.tally.codec.RecordDecoder;
import io.tally.codec.SourceRecord;
import io.tally.pipeline.RefusedException;
import io.tally.pipeline.status.LaneStatus;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A transaction takes in several polls, and whatever happens in one of them. */
class BatchIT {
    private static final int PARTITIONS = 4;
    private static final int POLL = 40;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @RegisterExtension
    final Scenario scenario = new Scenario(PARTITIONS);

    /** Whether the lane of the instance that is watched is in a transaction with records. */
    private final AtomicBoolean inTransaction = new AtomicBoolean();

    /** The partitions that the transaction has records of. */
    private final Set<TopicPartition> taken = new HashSet<>();

    private final AtomicBoolean happened = new AtomicBoolean();

    @Test
    void takesInFullPollsUpToItsLimit() {
        scenario.pipeline.maxRecordsPerTransaction(220);
        Input input = scenario.input();
        input.random(4_000, 30_000);
        Instance instance = scenario.instance("a");
        AtomicInteger largestPoll = new AtomicInteger();
        instance.faults().onConsumer("poll", call -> {
            ConsumerRecords<?, ?> records = (ConsumerRecords<?, ?>) call.proceed();
            largestPoll.accumulateAndGet(records.count(), Math::max);
            return records;
        });
        instance.start();
        input.closeWindows();
        scenario.assertExact();
        assertThat(largestPoll).hasValue(POLL);
        // Whole polls only.
        assertThat(instance.events().largestTransaction).hasValue(200);
    }

    /** Else a transaction would be larger than its limit. */
    @Test
    void limitOfATransactionIsOneOfPollsToo() {
        scenario.pipeline.maxRecordsPerTransaction(7);
        Input input = scenario.input();
        input.random(500, 30_000);
        Instance instance = scenario.instance("a").start();
        input.closeWindows();
        scenario.assertExact();
        assertThat(instance.events().largestTransaction).hasValue(7);
    }

    /** One after the other, each once the one before has been polled. */
    @Test
    void recordsWithoutRowsShareATransaction() {
        scenario.pipeline.commitInterval(Duration.ofMillis(500));
        Input input = scenario.input();
        Instance instance = scenario.instance("a");
        AtomicInteger polled = new AtomicInteger();
        // Before it starts: a poll that is running already would bring the first record uncounted.
        instance.faults().onConsumer("poll", call -> {
            ConsumerRecords<?, ?> records = (ConsumerRecords<?, ?>) call.proceed();
            polled.addAndGet(records.count());
            return records;
        });
        instance.start().awaitActive(PARTITIONS);
        for (int i = 1; i <= 4; i++) {
            int sent = i;
            input.send(0, i, input.time());
            input.flush();
            await().pollInterval(Duration.ofMillis(1)).until(() -> polled.get() == sent);
        }
        scenario.awaitProcessed();
        assertThat(instance.events().largestTransaction.get()).isGreaterThan(1);
        input.closeWindows();
        scenario.assertExact();
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "eager", "consumer"})
    void handsOverInTheMiddleOfATransactionWithoutReplay(String protocol) {
        scenario.pipeline.maxRecordsPerTransaction(10_000);
        if (protocol.equals("eager")) {
            scenario.consumerSettings.put(
                    ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, RangeAssignor.class.getName());
        } else {
            protocol(protocol);
        }
        Input input = scenario.input();
        Instance a = scenario.started("a");
        input.random(1_000, 4_000);
        scenario.awaitProcessed();
        Instance b = scenario.instance("b");
        handOverInTheMiddleOfATransaction(a, b, input, () -> {});

        b.awaitActive(2);
        input.random(1_000, 10_000);
        input.closeWindows();
        scenario.assertExact();
        assertThat(b.events().restores).anyMatch(restored -> restored.entries() > 0);
        assertThat(b.events().replayed()).isZero();
        assertThat(a.events().aborts).allSatisfy(BatchIT::isOfTheGeneration);
    }

    /** While the group settles a transaction may be turned down, with or without polls in it. */
    private static void isOfTheGeneration(Throwable cause) {
        assertThat(cause).isInstanceOf(CommitFailedException.class).hasMessageContaining("generation");
    }

    /** A commit that fails, of which the broker does or does not know; or a good one with no transaction after it. */
    @ParameterizedTest
    @CsvSource({"commitTransaction, false", "commitTransaction, true", "beginTransaction, false"})
    void rebuildsIfItCannotCommitAndGoOnBeforeAHandover(String method, boolean proceed) {
        scenario.pipeline.maxRecordsPerTransaction(10_000);
        Input input = scenario.input();
        Instance a = scenario.started("a");
        Instance b = scenario.instance("b");
        handOverInTheMiddleOfATransaction(
                a, b, input, () -> a.faults().nextProducerCalls(1, method, call -> answerLost(call, proceed)));

        b.awaitActive(2);
        input.closeWindows();
        scenario.assertExact();
        assertThat(a.events().aborts.get(0)).isInstanceOf(TimeoutException.class);
        assertThat(a.events().aborts.subList(1, a.events().aborts.size())).allSatisfy(BatchIT::isOfTheGeneration);
    }

    /** What the transaction had is committed by then; the next owner replays. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void rebuildsIfTheLastCheckpointBeforeAHandoverFails(boolean proceed) {
        scenario.pipeline.maxRecordsPerTransaction(10_000);
        Input input = scenario.input();
        Instance a = scenario.started("a");
        Instance b = scenario.instance("b");
        AtomicInteger commits = new AtomicInteger();
        handOverInTheMiddleOfATransaction(
                a,
                b,
                input,
                () -> a.faults()
                        .onProducer(
                                "commitTransaction",
                                call -> commits.incrementAndGet() == 2 ? answerLost(call, proceed) : call.proceed()));

        b.awaitActive(2);
        assertThat(b.events().replayed() == 0).isEqualTo(proceed);
        input.closeWindows();
        scenario.assertExact();
        assertThat(a.events().aborts.get(0)).isInstanceOf(TimeoutException.class);
    }

    /** Whether or not the broker has done what it was asked for. */
    private static @Nullable Object answerLost(Faults.Call call, boolean proceed) throws Throwable {
        if (proceed) {
            call.proceed();
        }
        throw new TimeoutException("the answer was lost");
    }

    @Test
    void functionThatFailsBeforeAHandoverRefusesItsPartition() {
        AtomicBoolean armed = new AtomicBoolean();
        scenario.pipeline
                .maxRecordsPerTransaction(10_000)
                .text(new FailingToWrite(BuiltIn.first(1), armed))
                .checkpointAfter(1);
        Input input = scenario.input();
        Instance a = scenario.started("a");
        Instance b = scenario.instance("b");
        handOverInTheMiddleOfATransaction(a, b, input, () -> armed.set(true));

        b.awaitActive(2);
        assertThat(armed).isFalse();
        assertThat(a.events().aborts.get(0)).isInstanceOf(RefusedException.class);
        assertThat(a.events().refusals)
                .singleElement()
                .satisfies(refusal -> assertThat(refusal.problem()).contains("a bug"));
        a.stop();
        b.stop();
        scenario.started("a");
        input.closeWindows();
        scenario.assertExact();
    }

    /** Cannot be written to the state topic, once. */
    private record FailingToWrite(Aggregate real, AtomicBoolean armed) implements Aggregate {
        @Override
        public int longs() {
            return real.longs();
        }

        @Override
        public int objects() {
            return real.objects();
        }

        @Override
        public void add(Cells cells, Event event) {
            real.add(cells, event);
        }

        @Override
        public void merge(Cells cells, Cells other) {
            real.merge(cells, other);
        }

        @Override
        public @Nullable Object result(Cells cells) {
            return real.result(cells);
        }

        @Override
        public void write(Cells cells, StateOutput out) {
            if (armed.getAndSet(false)) {
                throw new BrokenAggregateException("a bug", new IllegalStateException());
            }
            real.write(cells, out);
        }

        @Override
        public void read(Cells cells, StateInput in) {
            real.read(cells, in);
        }
    }

    @Test
    void failsIfPartitionsAreLostInTheMiddleOfATransaction() {
        scenario.pipeline.maxRecordsPerTransaction(10_000);
        Input input = scenario.input();
        Instance a = scenario.started("a");
        MemberToRemove member = new MemberToRemove(a.pipeline().groupInstanceId(0));
        inTheMiddleOfATransaction(
                a,
                input,
                () -> Broker.get(scenario.admin()
                        .removeMembersFromConsumerGroup(
                                scenario.groupId(), new RemoveMembersFromConsumerGroupOptions(List.of(member)))
                        .all()),
                () -> a.events().releases.get() == PARTITIONS);
        input.closeWindows();
        scenario.assertExact();
        assertThat(a.events().aborts)
                .hasSize(1)
                .allSatisfy(cause ->
                        assertThat(cause).hasMessageContaining("was taken away in the middle of a transaction"));
    }

    /** Some failures are told only once, so the lane keeps this one for where it would have been told otherwise. */
    @Test
    void failureOfAPollInTheMiddleOfATransactionIsNotLost() {
        Input input = scenario.input();
        Instance a = scenario.started("a");
        failOnceInATransaction(a, new FencedInstanceIdException("somebody else"));
        input.random(1_000, 30_000);
        LaneStatus lane = await().until(() -> a.lane(0), status -> status.ended() && !status.running());
        assertThat(lane.problem()).contains("another process runs with the same instance id 'a'");

        scenario.started("b");
        input.closeWindows();
        scenario.assertExact();
    }

    @Test
    void goesOnAfterAPollThatFailedInTheMiddleOfATransaction() {
        Input input = scenario.input();
        Instance a = scenario.started("a");
        failOnceInATransaction(a, new KafkaException("no answer"));
        input.random(1_000, 30_000);
        input.closeWindows();
        scenario.assertExact();
        assertThat(a.events().aborts).isEmpty();
    }

    /** A poll ends with it; left on the thread, it would end each further one. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void goesOnAfterAnInterruptedPoll(boolean inTheMiddle) {
        Input input = scenario.input();
        Instance a = scenario.started("a");
        AtomicBoolean interrupted = new AtomicBoolean();
        noteTransactions(a);
        a.faults().onConsumer("poll", call -> {
            if (inTransaction.get() == inTheMiddle && !interrupted.getAndSet(true)) {
                Thread.currentThread().interrupt();
            }
            return call.proceed();
        });
        input.random(1_000, 30_000);
        input.closeWindows();
        scenario.assertExact();
        assertThat(interrupted).isTrue();
        assertThat(a.events().aborts).isEmpty();
    }

    /** As one elsewhere; and the handover goes on. */
    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void errorInAHandoverEndsTheLane(String protocol) {
        protocol(protocol);
        scenario.pipeline.maxRecordsPerTransaction(10_000);
        Input input = scenario.input();
        Instance a = scenario.started("a");
        Instance b = scenario.instance("b");
        AtomicInteger met = new AtomicInteger();
        handOverInTheMiddleOfATransaction(a, b, input, () -> {
            a.faults().onProducer("sendOffsetsToTransaction", call -> {
                if (met.getAndIncrement() == 0) {
                    throw new StackOverflowError("a function of the user");
                }
                return call.proceed();
            });
        });
        b.awaitActive(PARTITIONS);
        input.closeWindows();
        scenario.assertExact();
        assertThat(a.lane(0).running()).isFalse();
    }

    /** The container would leave out the offsets of the transaction, and the client would commit it for all that. */
    @Test
    void interruptedWhileRecordsAreFoldedIsExact() {
        AtomicBoolean armed = new AtomicBoolean();
        scenario.pipeline.decoder(real -> new Interrupting(real, armed)).commitInterval(Duration.ZERO);
        Input input = scenario.input();
        Instance a = scenario.started("a");
        input.random(1_000, 4_000);
        scenario.awaitProcessed();
        armed.set(true);
        input.closeWindows();
        scenario.assertExact();
        assertThat(armed).isFalse();
        assertThat(a.events().aborts).isEmpty();
    }

    /** By somebody else, after the records were handled. */
    @Test
    void interruptedBeforeTheOffsetsIsExact() {
        AtomicBoolean armed = new AtomicBoolean();
        scenario.pipeline.commitInterval(Duration.ZERO);
        Input input = scenario.input();
        Instance a = scenario.started("a");
        a.faults().onConsumer("poll", call -> {
            ConsumerRecords<?, ?> records = (ConsumerRecords<?, ?>) call.proceed();
            return new InterruptingAcknowledgement<>(records, armed);
        });
        input.random(1_000, 4_000);
        scenario.awaitProcessed();
        armed.set(true);
        input.closeWindows();
        scenario.assertExact();
        assertThat(armed).isFalse();
        assertThat(a.events().aborts)
                .singleElement()
                .satisfies(cause -> assertThat(cause).hasMessageContaining("without the offsets"));
    }

    /** Interrupts its reader when the container looks for the offsets to commit. */
    private static final class InterruptingAcknowledgement<K, V> extends ConsumerRecords<K, V> {
        private final AtomicBoolean armed;

        private InterruptingAcknowledgement(ConsumerRecords<K, V> records, AtomicBoolean armed) {
            super(
                    records.partitions().stream().collect(Collectors.toMap(id -> id, records::records)),
                    records.nextOffsets());
            this.armed = armed;
        }

        @Override
        public Set<TopicPartition> partitions() {
            if (StackWalker.getInstance()
                            .walk(frames -> frames.anyMatch(
                                    frame -> frame.getMethodName().equals("ackBatch")))
                    && armed.getAndSet(false)) {
                Thread.currentThread().interrupt();
            }
            return super.partitions();
        }
    }

    private static final class Interrupting extends WrappedDecoder {
        private final AtomicBoolean armed;

        private Interrupting(RecordDecoder real, AtomicBoolean armed) {
            super(real);
            this.armed = armed;
        }

        @Override
        void before(SourceRecord record) {
            if (armed.getAndSet(false)) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void failOnceInATransaction(Instance instance, RuntimeException failure) {
        AtomicBoolean failed = new AtomicBoolean();
        noteTransactions(instance);
        instance.faults().onConsumer("poll", call -> {
            if (inTransaction.get() && !failed.getAndSet(true)) {
                throw failure;
            }
            return call.proceed();
        });
    }

    private void protocol(String protocol) {
        scenario.consumerSettings.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, protocol);
    }

    private void noteTransactions(Instance instance) {
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
     * Starts another instance in the middle of a transaction with records of all partitions, and lets the transaction
     * go on when the first partitions have left.
     *
     * @param faults what awaits the handover
     */
    private void handOverInTheMiddleOfATransaction(Instance from, Instance to, Input input, Runnable faults) {
        inTheMiddleOfATransaction(
                from,
                input,
                () -> {
                    to.start();
                    faults.run();
                },
                () -> from.events().releases.get() > 0);
    }

    /**
     * In the middle of a transaction with records of all partitions lets something happen, and polls until it has come
     * to pass; the lane gets all of that as one poll. Feeds the instance until then.
     */
    private void inTheMiddleOfATransaction(Instance instance, Input input, Runnable event, BooleanSupplier come) {
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
    private static ConsumerRecords<ByteBuffer, ByteBuffer> poll(Faults.Call call) {
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

        void add(ConsumerRecords<ByteBuffer, ByteBuffer> poll) {
            for (TopicPartition id : poll.partitions()) {
                records.computeIfAbsent(id, partition -> new ArrayList<>()).addAll(poll.records(id));
            }
            next.putAll(poll.nextOffsets());
        }

        ConsumerRecords<ByteBuffer, ByteBuffer> all() {
            return new ConsumerRecords<>(records, next);
        }
    }
}
