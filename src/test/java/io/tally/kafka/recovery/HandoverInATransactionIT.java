package io.tally.kafka.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.aggregate.Aggregate;
import io.tally.aggregate.BrokenAggregateException;
import io.tally.aggregate.Cells;
import io.tally.aggregate.Event;
import io.tally.aggregate.StateInput;
import io.tally.aggregate.StateOutput;
import io.tally.aggregate.exact.BuiltIn;
import io.tally.pipeline.RefusedException;
import io.tally.testkafka.Answers;
import io.tally.testkafka.Faults;
import io.tally.testkafka.Input;
import io.tally.testkafka.Instance;
import io.tally.testkafka.OpenTransactions;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Partitions leave in the middle of a transaction. */
class HandoverInATransactionIT extends OpenTransactions {
    @ParameterizedTest
    @ValueSource(strings = {"classic", "eager", "consumer"})
    void handsOverInTheMiddleOfATransactionWithoutReplay(String protocol) {
        bed.pipeline.maxRecordsPerTransaction(10_000);
        if (protocol.equals("eager")) {
            bed.consumerSettings.put(
                    ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, RangeAssignor.class.getName());
        } else {
            protocol(protocol);
        }
        Input input = bed.input();
        Instance a = bed.started("a");
        input.random(1_000, 4_000);
        bed.awaitProcessed();
        Instance b = bed.instance("b");
        handOverInTheMiddleOfATransaction(a, b, input, () -> {});

        b.awaitActive(2);
        input.random(1_000, 10_000);
        input.closeWindows();
        bed.assertExact();
        assertThat(b.events().restores).anyMatch(restored -> restored.entries() > 0);
        assertThat(b.events().replayed()).isZero();
        assertThat(a.events().aborts).allSatisfy(HandoverInATransactionIT::isOfTheGeneration);
    }

    /** While the group settles a transaction may be turned down, with or without polls in it. */
    private static void isOfTheGeneration(Throwable cause) {
        assertThat(cause).isInstanceOf(CommitFailedException.class).hasMessageContaining("generation");
    }

    /** A commit that fails, of which the broker does or does not know; or a good one with no transaction after it. */
    @ParameterizedTest
    @CsvSource({"commitTransaction, false", "commitTransaction, true", "beginTransaction, false"})
    void rebuildsIfItCannotCommitAndGoOnBeforeAHandover(String method, boolean proceed) {
        bed.pipeline.maxRecordsPerTransaction(10_000);
        Input input = bed.input();
        Instance a = bed.started("a");
        Instance b = bed.instance("b");
        handOverInTheMiddleOfATransaction(
                a, b, input, () -> a.faults().nextProducerCalls(1, method, call -> answerLost(call, proceed)));

        b.awaitActive(2);
        input.closeWindows();
        bed.assertExact();
        assertThat(a.events().aborts.get(0)).isInstanceOf(TimeoutException.class);
        assertThat(a.events().aborts.subList(1, a.events().aborts.size()))
                .allSatisfy(HandoverInATransactionIT::isOfTheGeneration);
    }

    /** What the transaction had is committed by then; the next owner replays. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void rebuildsIfTheLastCheckpointBeforeAHandoverFails(boolean proceed) {
        bed.pipeline.maxRecordsPerTransaction(10_000);
        Input input = bed.input();
        Instance a = bed.started("a");
        Instance b = bed.instance("b");
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
        bed.assertExact();
        assertThat(a.events().aborts.get(0)).isInstanceOf(TimeoutException.class);
    }

    /** The answer is lost, whether or not the broker has done what it was asked for. */
    private static @Nullable Object answerLost(Faults.Call call, boolean proceed) throws Throwable {
        if (proceed) {
            call.proceed();
        }
        throw new TimeoutException("the answer was lost");
    }

    @Test
    void functionThatFailsBeforeAHandoverRefusesItsPartition() {
        AtomicBoolean armed = new AtomicBoolean();
        bed.pipeline
                .maxRecordsPerTransaction(10_000)
                .text(new FailingToWrite(BuiltIn.first(1), armed))
                .checkpointAfter(1);
        Input input = bed.input();
        Instance a = bed.started("a");
        Instance b = bed.instance("b");
        handOverInTheMiddleOfATransaction(a, b, input, () -> armed.set(true));

        b.awaitActive(2);
        assertThat(armed).isFalse();
        assertThat(a.events().aborts.get(0)).isInstanceOf(RefusedException.class);
        assertThat(a.events().refusals)
                .singleElement()
                .satisfies(refusal -> assertThat(refusal.problem()).contains("a bug"));
        a.stop();
        b.stop();
        bed.started("a");
        input.closeWindows();
        bed.assertExact();
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
        bed.pipeline.maxRecordsPerTransaction(10_000);
        Input input = bed.input();
        Instance a = bed.started("a");
        MemberToRemove member = new MemberToRemove(a.pipeline().groupInstanceId(0));
        inTheMiddleOfATransaction(
                a,
                input,
                () -> Answers.get(bed.admin()
                        .removeMembersFromConsumerGroup(
                                bed.groupId(), new RemoveMembersFromConsumerGroupOptions(List.of(member)))
                        .all()),
                () -> a.events().releases.get() == PARTITIONS);
        input.closeWindows();
        bed.assertExact();
        assertThat(a.events().aborts)
                .hasSize(1)
                .allSatisfy(cause ->
                        assertThat(cause).hasMessageContaining("was taken away in the middle of a transaction"));
    }

    /** As one elsewhere; and the handover goes on. */
    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void errorInAHandoverEndsTheLane(String protocol) {
        protocol(protocol);
        bed.pipeline.maxRecordsPerTransaction(10_000);
        Input input = bed.input();
        Instance a = bed.started("a");
        Instance b = bed.instance("b");
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
        bed.assertExact();
        assertThat(a.lane(0).running()).isFalse();
    }

    private void protocol(String protocol) {
        bed.consumerSettings.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, protocol);
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
}
