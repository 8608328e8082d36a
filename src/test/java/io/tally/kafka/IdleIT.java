package io.tally.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tally.checkpoint.CommitMetadata;
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
    final Scenario scenario = new Scenario(1);

    @BeforeEach
    void configure() {
        scenario.pipeline.idleTimeout(TIMEOUT);
    }

    @Test
    void closesWhatIsOpenOnce() {
        scenario.started("a");
        Input input = scenario.input();
        long time = input.time();
        write(input, time, time + 6_000);

        List<String> rows = awaitRows(2);

        assertThat(rows.get(0)).startsWith("1800000000000 p0-k1 1 ");
        assertThat(rows.get(1)).startsWith("1800000005000 p0-k1 1 ");
        CommitMetadata metadata = scenario.progress(0).metadata();
        assertThat(metadata.watermark()).as("end of the last window").isEqualTo(time + 10_000);
        assertThat(metadata.recoveryOffset()).isEqualTo(2);
    }

    /** Its rows are out, so it cannot be opened again. */
    @Test
    void whatComesForAClosedWindowIsLate() {
        scenario.started("a");
        Input input = scenario.input();
        long time = input.time();
        write(input, time);
        awaitRows(1);

        write(input, time + 1, time + 5_000);

        List<String> rows = awaitRows(2);
        assertThat(rows.get(1)).startsWith("1800000005000 p0-k1 1 ");
        assertThat(scenario.log().read(scenario.topics().late())).hasSize(1);
        assertThat(scenario.progress(0).metadata().ledger().late()).isEqualTo(1);
    }

    @Test
    void aCrashRightAfterEmitsNothingTwice() {
        Instance first = scenario.started("a");
        Input input = scenario.input();
        long time = input.time();
        write(input, time);
        awaitRows(1);
        first.kill();

        Instance second = scenario.started("a");
        write(input, time + 2, time + 5_000);

        assertThat(awaitRows(2).get(1)).startsWith("1800000005000 p0-k1 1 ");
        assertThat(second.events().replayed())
                .as("the closed window needs no replay")
                .isZero();
    }

    /** Committed, but not told so: the windows are closed, and stay so. */
    @Test
    void anUnknownCommitEmitsNothingTwice() {
        Instance instance = scenario.started("a");
        Input input = scenario.input();
        long time = input.time();
        write(input, time);
        scenario.awaitProcessed();
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
        scenario.pipeline.idleTimeout(timeout);
        Instance instance = scenario.started("a");
        Input input = scenario.input();
        long time = input.time();
        write(input, time);
        scenario.awaitProcessed();
        AtomicInteger polls = new AtomicInteger();
        instance.faults().onConsumer("poll", call -> {
            polls.incrementAndGet();
            return ConsumerRecords.empty();
        });
        await().until(() -> polls.get() > 0);
        write(input, time + 1);
        long begin = System.nanoTime();
        await().until(() -> System.nanoTime() - begin > timeout.toNanos() * 2);
        assertThat(scenario.rows()).isEmpty();

        instance.faults().heal();

        assertThat(awaitRows(1).get(0)).startsWith("1800000000000 p0-k1 2 ");
    }

    /**
     * Records wait behind it that a committed reader cannot see yet, and whose windows would be closed. The lane looks
     * several times in the time that is waited here.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anOpenTransactionIsNoSilence(boolean shuffled) {
        scenario.pipeline.shufflePartitions(1);
        String group = scenario.groupId();
        scenario.instance(
                        shuffled
                                ? scenario.pipeline.buildShuffled(group, "a", scenario.topics())
                                : List.of(scenario.pipeline.build(group, "a", scenario.topics())))
                .start()
                .awaitActive(1);
        Input input = scenario.input();
        Input transaction = scenario.input("open-" + group);
        long time = input.time();
        write(input, time);
        scenario.awaitProcessed();
        transaction.producer().beginTransaction();
        write(transaction, time + 1);
        write(input, time + 2, time + 3);
        long begin = System.nanoTime();
        await().until(() -> System.nanoTime() - begin > TIMEOUT.toNanos() * 3);
        assertThat(scenario.rows()).isEmpty();

        transaction.producer().commitTransaction();

        assertThat(awaitRows(1).get(0)).startsWith("1800000000000 p0-k1 4 ");
        assertThat(scenario.log().read(scenario.topics().late())).isEmpty();
        assertThat(scenario.progress(0).metadata().ledger().late()).isZero();
    }

    private static void write(Input input, long... times) {
        for (long time : times) {
            input.send(0, 1, time);
        }
        input.flush();
    }

    private List<String> awaitRows(int count) {
        return await("rows").atMost(Duration.ofSeconds(20)).until(scenario::rows, rows -> rows.size() == count);
    }
}
