package io.tally.kafka.counting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tally.testkafka.Input;
import io.tally.testkafka.Instance;
import io.tally.testkafka.TestBed;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Checkpoints grow due also where no records come: a tick between two polls writes them. */
class TickIT {
    @RegisterExtension
    final TestBed bed = new TestBed(2);

    @BeforeEach
    void checkpointSoon() {
        bed.pipeline.checkpointAfter(Duration.ofMillis(500));
    }

    @Test
    void idlePartitionIsCheckpointed() {
        Input input = bed.input();
        Instance first = bed.started("a");
        input.random(200, 4_000);
        bed.awaitProcessed();
        awaitCheckpoint(0);
        awaitCheckpoint(1);
        first.kill();
        assertRecoversWithoutReplay(input);
    }

    @Test
    void idlePartitionIsCheckpointedBesideABusyOne() {
        Input input = bed.input();
        bed.started("a");
        input.random(200, 4_000);
        bed.awaitProcessed();
        await().until(() -> {
            input.send(0, 1, input.time());
            input.flush();
            return isCheckpointed(1);
        });
        input.closeWindows();
        bed.assertExact();
    }

    /** The checkpoint may be committed or not: like any other transaction, it is looked up. */
    @Test
    void checkpointWithoutAnAnswerIsLookedUp() {
        Input input = bed.input();
        Instance first = bed.started("a");
        input.random(200, 4_000);
        bed.awaitProcessed();
        AtomicInteger met = first.faults().nextProducerCalls(1, "commitTransaction", call -> {
            call.proceed();
            throw new TimeoutException("the answer was lost");
        });
        await().untilAtomic(met, count -> assertThat(count).isEqualTo(1));
        first.awaitActive(2);
        awaitCheckpoint(0);
        awaitCheckpoint(1);
        assertThat(first.events().aborts).hasSize(1);
        first.kill();
        assertRecoversWithoutReplay(input);
    }

    private void assertRecoversWithoutReplay(Input input) {
        Instance next = bed.started("a");
        assertThat(next.events().replayed()).isZero();
        assertThat(next.events().restores).hasSize(2).allMatch(restored -> restored.entries() > 0);
        input.random(200, 4_000);
        input.closeWindows();
        bed.assertExact();
    }

    private void awaitCheckpoint(int partition) {
        await("checkpoint of partition " + partition).until(() -> isCheckpointed(partition));
    }

    private boolean isCheckpointed(int partition) {
        TestBed.Progress progress = bed.progress(partition);
        return progress.metadata().recoveryOffset() == progress.offset()
                && progress.metadata().storedEntries() > 0;
    }
}
