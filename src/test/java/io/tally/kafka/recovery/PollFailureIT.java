package io.tally.kafka.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tally.codec.SourceRecord;
import io.tally.codec.decode.RecordDecoder;
import io.tally.pipeline.status.LaneStatus;
import io.tally.testkafka.Input;
import io.tally.testkafka.Instance;
import io.tally.testkafka.OpenTransactions;
import io.tally.testkafka.WrappedDecoder;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A poll that fails or is interrupted, in the middle of a transaction or outside. */
class PollFailureIT extends OpenTransactions {
    /**
     * The client tells some failures only once. So the lane keeps such a failure, and throws it where the container's
     * own poll would have thrown it.
     */
    @Test
    void failureOfAPollInTheMiddleOfATransactionIsNotLost() {
        Input input = bed.input();
        Instance a = bed.started("a");
        failOnceInATransaction(a, new FencedInstanceIdException("somebody else"));
        input.random(1_000, 30_000);
        LaneStatus lane = await().until(() -> a.lane(0), status -> status.ended() && !status.running());
        assertThat(lane.problem()).contains("another process runs with the same instance id 'a'");

        bed.started("b");
        input.closeWindows();
        bed.assertExact();
    }

    @Test
    void goesOnAfterAPollThatFailedInTheMiddleOfATransaction() {
        Input input = bed.input();
        Instance a = bed.started("a");
        failOnceInATransaction(a, new KafkaException("no answer"));
        input.random(1_000, 30_000);
        input.closeWindows();
        bed.assertExact();
        assertThat(a.events().aborts).isEmpty();
    }

    /** The interrupt ends a poll. If it stayed on the thread, it would end each further poll. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void goesOnAfterAnInterruptedPoll(boolean inTheMiddle) {
        Input input = bed.input();
        Instance a = bed.started("a");
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
        bed.assertExact();
        assertThat(interrupted).isTrue();
        assertThat(a.events().aborts).isEmpty();
    }

    /** The container would leave the offsets out of the transaction, and the client would commit it all the same. */
    @Test
    void interruptedWhileRecordsAreFoldedIsExact() {
        AtomicBoolean armed = new AtomicBoolean();
        bed.pipeline.decoder(real -> new Interrupting(real, armed)).commitInterval(Duration.ZERO);
        Input input = bed.input();
        Instance a = bed.started("a");
        input.random(1_000, 4_000);
        bed.awaitProcessed();
        armed.set(true);
        input.closeWindows();
        bed.assertExact();
        assertThat(armed).isFalse();
        assertThat(a.events().aborts).isEmpty();
    }

    /** By somebody else, after the records were handled. */
    @Test
    void interruptedBeforeTheOffsetsIsExact() {
        AtomicBoolean armed = new AtomicBoolean();
        bed.pipeline.commitInterval(Duration.ZERO);
        Input input = bed.input();
        Instance a = bed.started("a");
        a.faults().onConsumer("poll", call -> {
            ConsumerRecords<?, ?> records = (ConsumerRecords<?, ?>) call.proceed();
            return new InterruptingAcknowledgement<>(records, armed);
        });
        input.random(1_000, 4_000);
        bed.awaitProcessed();
        armed.set(true);
        input.closeWindows();
        bed.assertExact();
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
        protected void before(SourceRecord record) {
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
}
