package io.tally.kafka.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.kafka.client.Causes;
import io.tally.testkafka.Answers;
import io.tally.testkafka.Faults;
import io.tally.testkafka.Input;
import io.tally.testkafka.Instance;
import io.tally.testkafka.TestBed;
import io.tally.testkafka.ThrowingDecoder;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A transaction goes wrong at some step, three times in a row, under load. Whatever the step, and whether or not the
 * transaction was committed after all, every record counts once.
 *
 * <p>The stock container gets several of these wrong in silence; {@link StockSetupIT} shows it under the same faults.
 */
class FailedTransactionIT {
    @RegisterExtension
    final TestBed bed = new TestBed(2);

    /** What fails, and how. */
    enum Failure {
        /**
         * The broker commits, but the answer does not arrive. Stock: the after-rollback processor seeks to the first
         * record of the batch, and all of it counts twice.
         */
        COMMIT_ANSWER_LOST("commitTransaction", (call, bed) -> {
            call.proceed();
            throw new TimeoutException("the answer was lost");
        }),
        /** The broker never hears of the commit. Stock: right only if the transactional id is used again. */
        COMMIT_REQUEST_LOST("commitTransaction", (call, bed) -> {
            throw new TimeoutException("the request was lost");
        }),
        /** The broker timed the transaction out before. */
        COMMIT_TOO_LATE("commitTransaction", (call, bed) -> {
            throw new InvalidTxnStateException("timed out");
        }),
        /**
         * Another producer with our transactional id begins while a batch is under way, really. Stock: only logged; the
         * batch is lost.
         */
        FENCED_BEFORE_OFFSETS("sendOffsetsToTransaction", (call, bed) -> {
            bed.fence();
            return call.proceed();
        }),
        /** The same, one step later. */
        FENCED_BEFORE_COMMIT("commitTransaction", (call, bed) -> {
            bed.fence();
            return call.proceed();
        }),
        /** As the client says it. Stock: only logged; the batch is lost. */
        PRODUCER_FENCED("sendOffsetsToTransaction", (call, bed) -> {
            throw new ProducerFencedException("fenced");
        }),
        /** As the client says it. Stock: only logged; the batch is lost. */
        INSTANCE_FENCED("sendOffsetsToTransaction", (call, bed) -> {
            throw new FencedInstanceIdException("fenced");
        }),
        /** The group went on without us. */
        GENERATION_LOST("sendOffsetsToTransaction", (call, bed) -> {
            throw new CommitFailedException("the generation has changed");
        }),
        /** No transaction can be begun, so the listener is not even called. */
        BEGIN_FAILS("beginTransaction", (call, bed) -> {
            throw new KafkaException("no transaction today");
        }),
        /** A result cannot be sent. */
        SEND_FAILS("send", (call, bed) -> {
            throw new KafkaException("not sent");
        });

        private final String method;
        private final BedFault fault;

        Failure(String method, BedFault fault) {
            this.method = method;
            this.fault = fault;
        }
    }

    private interface BedFault {
        Object on(Faults.Call call, Fence bed) throws Throwable;
    }

    private interface Fence {
        void fence();
    }

    @ParameterizedTest
    @EnumSource
    void countsOnce(Failure failure) {
        Instance instance = bed.started("a");
        Input input = bed.input();
        input.random(500, 10_000);
        bed.awaitProcessed();

        AtomicInteger met = instance.faults()
                .nextProducerCalls(3, failure.method, call -> failure.fault.on(call, () -> fence(instance)));
        for (int i = 0; i < 20; i++) {
            // What is set aside belongs to the transaction, too.
            input.send(i % 2, "k", "not a record");
            input.random(50, 1_000);
        }
        input.closeWindows();

        bed.assertExact();
        assertThat(met).hasValue(3);
        assertThat(instance.events().aborts).hasSizeGreaterThanOrEqualTo(3);
        assertThat(instance.lane(0).aborts()).isEqualTo(instance.events().aborts.size());
        assertThat(instance.lane(0).problem()).isNull();
        assertThat(instance.lane(0).ended()).isFalse();
    }

    /** A fault of our own code, not of Kafka's. */
    @Test
    void countsOnceWhenTheListenerThrows() {
        AtomicInteger thrown = new AtomicInteger(Integer.MAX_VALUE);
        bed.pipeline.decoder(real -> new ThrowingDecoder(real, thrown));
        Instance instance = bed.started("a");
        Input input = bed.input();
        input.random(500, 10_000);
        bed.awaitProcessed();

        thrown.set(0);
        input.random(1_000, 20_000);
        input.closeWindows();

        bed.assertExact();
        assertThat(thrown).hasValueGreaterThanOrEqualTo(3);
        assertThat(instance.events().aborts).isNotEmpty();
    }

    /** The rollback fails too, which hides the first failure: for the stock container a fence like any other. */
    @Test
    void countsOnceWhenTheAbortFailsToo() {
        Instance instance = bed.started("a");
        Input input = bed.input();
        input.random(500, 10_000);
        bed.awaitProcessed();

        AtomicInteger sends = instance.faults().nextProducerCalls(3, "send", call -> {
            throw new KafkaException("not sent");
        });
        AtomicInteger aborts = instance.faults().nextProducerCalls(3, "abortTransaction", call -> {
            throw new ProducerFencedException("not aborted either");
        });
        input.random(1_000, 20_000);
        input.closeWindows();

        bed.assertExact();
        assertThat(sends).hasValue(3);
        assertThat(aborts).hasValue(3);
    }

    /** The container hides why a transaction was rolled back; a person needs to know. */
    @ParameterizedTest
    @ValueSource(strings = {"beginTransaction", "sendOffsetsToTransaction", "commitTransaction"})
    void saysWhatFailed(String method) {
        Instance instance = bed.started("a");
        Input input = bed.input();
        input.random(100, 2_000);
        bed.awaitProcessed();

        instance.faults().nextProducerCalls(1, method, call -> {
            throw new InvalidProducerEpochException("an old epoch");
        });
        input.random(100, 2_000);
        bed.assertExact();
        assertThat(instance.events().aborts)
                .singleElement()
                .satisfies(cause ->
                        assertThat(Causes.describe(cause)).isEqualTo("InvalidProducerEpochException: an old epoch"));
    }

    private void fence(Instance instance) {
        Answers.get(bed.admin()
                .fenceProducers(List.of(instance.lane(0).transactionalId()))
                .all());
    }
}
