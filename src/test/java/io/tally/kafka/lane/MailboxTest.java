package io.tally.kafka.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tally.pipeline.control.LaneReport;
import io.tally.pipeline.control.Outcome;
import io.tally.pipeline.control.PartitionReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** No broker is asked here: the consumer is only passed on. */
@Timeout(30)
class MailboxTest {
    private static final Duration SOON = Duration.ofMillis(1);
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final LaneReport REPORT =
            new LaneReport(2, Outcome.DONE, null, List.of(new PartitionReport(3, Outcome.DONE, null, 40L, 40L, 5L)));

    private final Consumer<?, ?> consumer = new MockConsumer<>("earliest");
    private final Mailbox mailbox = new Mailbox();
    private final List<String> done = new ArrayList<>();

    private LaneRequest<LaneReport> post(String what) {
        return post(given -> {
            assertThat(given).isSameAs(consumer);
            done.add(what);
            return REPORT;
        });
    }

    private LaneRequest<LaneReport> post(Function<Consumer<?, ?>, LaneReport> work) {
        return mailbox.post(work, (outcome, text) -> new LaneReport(2, outcome, text, List.of()));
    }

    @Test
    void doesOneRequestAtATime() {
        LaneRequest<LaneReport> first = post("first");
        LaneRequest<LaneReport> second = post("second");

        mailbox.serve(consumer);
        assertThat(done).containsExactly("first");
        mailbox.serve(consumer);
        mailbox.serve(consumer);

        assertThat(done).containsExactly("first", "second");
        assertThat(first.await(SOON)).isEqualTo(REPORT);
        assertThat(second.await(SOON).outcome()).isEqualTo(Outcome.DONE);
    }

    @Test
    void neverDoesWhatItHasCalledBusy() {
        LaneRequest<LaneReport> given = post("too late");
        LaneRequest<LaneReport> next = post("next");
        assertThat(given.await(SOON).outcome()).isEqualTo(Outcome.BUSY);

        mailbox.serve(consumer);

        assertThat(done).containsExactly("next");
        assertThat(next.await(SOON).outcome()).isEqualTo(Outcome.DONE);
        assertThat(given.await(SOON).outcome()).isEqualTo(Outcome.BUSY);
    }

    @Test
    void hasRoomForFew() {
        for (int i = 0; i < Mailbox.ROOM; i++) {
            post("request " + i);
        }
        LaneReport answer = post("one too many").await(LONG);

        assertThat(answer.outcome()).isEqualTo(Outcome.BUSY);
        assertThat(answer.text()).contains("8 requests wait for it already");
    }

    @Test
    void saysThatItHasBegunIfItTakesLong() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        LaneRequest<LaneReport> request = post(given -> {
            begun.countDown();
            await(end);
            return REPORT;
        });
        CompletableFuture<Void> lane = CompletableFuture.runAsync(() -> mailbox.serve(consumer));
        begun.await();

        assertThat(request.await(SOON).outcome()).isEqualTo(Outcome.RUNNING);

        end.countDown();
        assertThat(request.await(LONG).outcome()).isEqualTo(Outcome.DONE);
        lane.get();
    }

    @Test
    void answersWithWhatWasThrown() {
        LaneRequest<LaneReport> request = post(given -> {
            throw new IllegalStateException("the broker is away");
        });
        LaneRequest<LaneReport> fatal = post(given -> {
            throw new OutOfMemoryError("no heap");
        });

        mailbox.serve(consumer);
        assertThat(request.await(SOON).outcome()).isEqualTo(Outcome.FAILED);
        assertThat(request.await(SOON).text()).contains("the broker is away");
        assertThatThrownBy(() -> mailbox.serve(consumer)).isInstanceOf(OutOfMemoryError.class);
        assertThat(fatal.await(SOON).outcome()).isEqualTo(Outcome.FAILED);
    }

    @Test
    void turnsAllDownOnceTheLaneHasStopped() {
        LaneRequest<LaneReport> before = post("before");
        mailbox.close();
        LaneRequest<LaneReport> after = post("after");

        mailbox.serve(consumer);

        assertThat(done).isEmpty();
        for (LaneRequest<LaneReport> request : List.of(before, after)) {
            assertThat(request.await(LONG).outcome()).isEqualTo(Outcome.BUSY);
            assertThat(request.await(LONG).text()).isEqualTo("the lane has stopped");
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
