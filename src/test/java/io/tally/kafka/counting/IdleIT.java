package io.tally.kafka.counting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tally.checkpoint.CommitMetadata;
import io.tally.testkafka.Input;
import io.tally.testkafka.Instance;
import io.tally.testkafka.TestBed;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A source that falls silent keeps no window open for longer than the idle timeout. */
class IdleIT {
    private static final Duration TIMEOUT = Duration.ofMillis(600);

    @RegisterExtension
    final TestBed bed = new TestBed(1);

    @BeforeEach
    void configure() {
        bed.pipeline.idleTimeout(TIMEOUT);
    }

    @Test
    void closesWhatIsOpenOnce() {
        bed.started("a");
        Input input = bed.input();
        long time = input.time();
        write(input, time, time + 6_000);

        List<String> rows = awaitRows(2);

        assertThat(rows.get(0)).startsWith("1800000000000 p0-k1 1 ");
        assertThat(rows.get(1)).startsWith("1800000005000 p0-k1 1 ");
        CommitMetadata metadata = bed.progress(0).metadata();
        assertThat(metadata.watermark()).as("end of the last window").isEqualTo(time + 10_000);
        assertThat(metadata.recoveryOffset()).isEqualTo(2);
    }

    /** Its rows are out, so it cannot be opened again. */
    @Test
    void whatComesForAClosedWindowIsLate() {
        bed.started("a");
        Input input = bed.input();
        long time = input.time();
        write(input, time);
        awaitRows(1);

        write(input, time + 1, time + 5_000);

        List<String> rows = awaitRows(2);
        assertThat(rows.get(1)).startsWith("1800000005000 p0-k1 1 ");
        assertThat(bed.log().read(bed.topics().late())).hasSize(1);
        assertThat(bed.progress(0).metadata().ledger().late()).isEqualTo(1);
    }

    @Test
    void aCrashRightAfterEmitsNothingTwice() {
        Instance first = bed.started("a");
        Input input = bed.input();
        long time = input.time();
        write(input, time);
        awaitRows(1);
        first.kill();

        Instance second = bed.started("a");
        write(input, time + 2, time + 5_000);

        assertThat(awaitRows(2).get(1)).startsWith("1800000005000 p0-k1 1 ");
        assertThat(second.events().replayed())
                .as("the closed window needs no replay")
                .isZero();
    }

    /** Committed, but not told so: the windows are closed, and stay so. */
    @Test
    void anUnknownCommitEmitsNothingTwice() {
        Instance instance = bed.started("a");
        Input input = bed.input();
        long time = input.time();
        write(input, time);
        bed.awaitProcessed();
        AtomicInteger lost = instance.faults().nextProducerCalls(1, "commitTransaction", call -> {
            call.proceed();
            throw new TimeoutException("the answer was lost");
        });
        awaitRows(1);
        await().until(() -> lost.get() == 1);

        write(input, time + 5_000);

        assertThat(awaitRows(2)).hasSize(2);
        assertThat(instance.events().aborts).hasSize(1);
    }

    /** Records are there, but do not get here: that is no silence. */
    @Test
    void aPartitionThatIsBehindIsNotIdle() {
        Duration timeout = Duration.ofSeconds(2);
        bed.pipeline.idleTimeout(timeout);
        Instance instance = bed.started("a");
        Input input = bed.input();
        long time = input.time();
        write(input, time);
        bed.awaitProcessed();
        AtomicInteger polls = new AtomicInteger();
        instance.faults().onConsumer("poll", call -> {
            polls.incrementAndGet();
            return ConsumerRecords.empty();
        });
        await().until(() -> polls.get() > 0);
        write(input, time + 1);
        long begin = System.nanoTime();
        await().until(() -> System.nanoTime() - begin > timeout.toNanos() * 2);
        assertThat(bed.rows()).isEmpty();

        instance.faults().heal();

        assertThat(awaitRows(1).get(0)).startsWith("1800000000000 p0-k1 2 ");
    }

    /**
     * Behind the open transaction are records that a committed reader cannot see yet; their windows must not be closed.
     * The lane looks several times in the time that this test waits.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anOpenTransactionIsNoSilence(boolean shuffled) {
        bed.pipeline.shufflePartitions(1);
        String group = bed.groupId();
        bed.instance(
                        shuffled
                                ? bed.pipeline.buildShuffled(group, "a", bed.topics())
                                : List.of(bed.pipeline.build(group, "a", bed.topics())))
                .start()
                .awaitActive(1);
        Input input = bed.input();
        Input transaction = bed.input("open-" + group);
        long time = input.time();
        write(input, time);
        bed.awaitProcessed();
        transaction.producer().beginTransaction();
        write(transaction, time + 1);
        write(input, time + 2, time + 3);
        long begin = System.nanoTime();
        await().until(() -> System.nanoTime() - begin > TIMEOUT.toNanos() * 3);
        assertThat(bed.rows()).isEmpty();

        transaction.producer().commitTransaction();

        assertThat(awaitRows(1).get(0)).startsWith("1800000000000 p0-k1 4 ");
        assertThat(bed.log().read(bed.topics().late())).isEmpty();
        assertThat(bed.progress(0).metadata().ledger().late()).isZero();
    }

    private static void write(Input input, long... times) {
        for (long time : times) {
            input.send(0, 1, time);
        }
        input.flush();
    }

    private List<String> awaitRows(int count) {
        return await("rows").atMost(Duration.ofSeconds(20)).until(bed::rows, rows -> rows.size() == count);
    }
}
