package io.tally.kafka.watching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tally.pipeline.control.LaneReport;
import io.tally.pipeline.control.Outcome;
import io.tally.pipeline.control.PartitionReport;
import io.tally.pipeline.control.PipelineControl;
import io.tally.testkafka.Input;
import io.tally.testkafka.Instance;
import io.tally.testkafka.TestBed;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What an operator may ask of a running pipeline. */
@Timeout(180)
class OperationsIT {
    private static final int PARTITIONS = 2;
    /** So often the lane looks for records before it is believed that it takes none. */
    private static final int POLLS = 20;

    @RegisterExtension
    final TestBed bed = new TestBed(PARTITIONS);

    @Test
    void takesNoRecordsWhilePaused() {
        Input input = bed.input();
        Instance instance = bed.started("a");
        input.random(500, 12_000);
        bed.awaitProcessed();
        assertDone(instance.control().pause());
        assertThat(instance.status().pausedSince()).isNotNull();
        input.random(300, 8_000);
        long before = bed.progress(0).offset() + bed.progress(1).offset();
        polls(instance);
        assertThat(bed.progress(0).offset() + bed.progress(1).offset()).isEqualTo(before);

        assertDone(instance.control().resume());

        assertThat(instance.status().pausedSince()).isNull();
        input.closeWindows();
        bed.assertExact();
        assertThat(instance.events().aborts).isEmpty();
    }

    /** Those of others that come to a paused instance wait there; those that leave it are counted elsewhere. */
    @Test
    void aPauseBelongsToTheInstance() {
        Input input = bed.input();
        Instance paused = bed.started("a");
        input.random(300, 8_000);
        bed.awaitProcessed();
        assertDone(paused.control().pause());
        Instance other = bed.instance("b").start().awaitActive(1);
        int itsPartition = other.active().findFirst().orElseThrow();
        input.random(300, 8_000);
        awaiting("what the other has")
                .until(() -> bed.progress(itsPartition).offset() == bed.log().end(bed.source(itsPartition)));
        assertThat(bed.progress(1 - itsPartition).offset()).isLessThan(bed.log().end(bed.source(1 - itsPartition)));

        other.stop();
        paused.awaitActive(PARTITIONS);
        input.random(300, 8_000);
        polls(paused);
        assertThat(bed.progress(itsPartition).offset()).isLessThan(bed.log().end(bed.source(itsPartition)));

        assertDone(paused.control().resume());
        input.closeWindows();
        bed.assertExact();
    }

    /** Its memory is dropped while it is paused, and restored. */
    @Test
    void staysPausedThroughAFailedTransaction() {
        Input input = bed.input();
        Instance instance = bed.started("a");
        input.random(300, 8_000);
        bed.awaitProcessed();
        assertDone(instance.control().pause());
        input.random(300, 8_000);
        instance.faults().nextProducerCalls(1, "sendOffsetsToTransaction", call -> {
            throw new IllegalStateException("fails");
        });

        List<LaneReport> failed = instance.control().checkpoint();

        assertThat(failed).hasSize(1);
        assertThat(failed.get(0).outcome()).isEqualTo(Outcome.FAILED);
        assertThat(failed.get(0).text()).contains("fails");
        awaiting("the rebuild").until(() -> instance.events().restores.size() == 2 * PARTITIONS);
        instance.awaitActive(PARTITIONS);
        long before = bed.progress(0).offset() + bed.progress(1).offset();
        polls(instance);
        assertThat(bed.progress(0).offset() + bed.progress(1).offset()).isEqualTo(before);

        assertDone(instance.control().resume());
        input.closeWindows();
        bed.assertExact();
    }

    @Test
    void checkpointLeavesNothingToReplay() {
        Input input = bed.input();
        Instance instance = bed.started("a");
        input.random(500, 12_000);
        bed.awaitProcessed();
        assertThat(bed.progress(0).metadata().recoveryOffset())
                .isLessThan(bed.progress(0).offset());

        List<LaneReport> answer = instance.control().checkpoint();

        assertDone(answer);
        assertThat(answer.get(0).partitions()).hasSize(PARTITIONS).allSatisfy(partition -> {
            TestBed.Progress progress = bed.progress(partition.partition());
            assertThat(partition.offset()).isEqualTo(progress.offset());
            assertThat(partition.recoveryOffset()).isEqualTo(progress.offset());
            assertThat(progress.metadata().recoveryOffset()).isEqualTo(progress.offset());
            assertThat(partition.watermark()).isEqualTo(progress.metadata().watermark());
        });
        instance.kill();
        Instance next = bed.started("a");
        assertThat(next.events().replayed()).isZero();
        input.closeWindows();
        bed.assertExact();
    }

    /** Whoever asks is not held up by a lane that waits for the broker, and nothing is done later behind their back. */
    @Test
    void aLaneThatIsStuckIsBusy() {
        Input input = bed.input();
        Instance instance = bed.started("a");
        CountDownLatch stuck = new CountDownLatch(1);
        CountDownLatch healed = new CountDownLatch(1);
        instance.faults().nextProducerCalls(1, "commitTransaction", call -> {
            stuck.countDown();
            healed.await();
            return call.proceed();
        });
        input.random(200, 4_000);
        awaiting("a commit").until(() -> stuck.getCount() == 0);

        List<LaneReport> answer = instance.control().checkpoint();

        assertThat(answer).hasSize(1);
        assertThat(answer.get(0).outcome()).isEqualTo(Outcome.BUSY);
        healed.countDown();
        bed.awaitProcessed();
        polls(instance);
        assertThat(bed.progress(0).metadata().recoveryOffset())
                .isLessThan(bed.progress(0).offset());
        input.closeWindows();
        bed.assertExact();
    }

    @Test
    void saysWhichPartitionsItCannotDo() {
        bed.producerSettings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 3_000);
        Input input = bed.input();
        Instance instance = bed.started("a");
        input.send(0, "p0-k1", input.time() + " p0-k1 5 " + Input.noise(4_000));
        input.send(1, 1, input.time());
        input.closeWindows();
        instance.awaitRefusal(0);
        awaiting("the other partition").until(() -> instance.active().toList().equals(List.of(1)));

        List<LaneReport> answer = instance.control().checkpoint();

        assertThat(answer.get(0).outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(answer.get(0).partitions())
                .extracting(PartitionReport::outcome)
                .containsExactly(Outcome.REFUSED, Outcome.DONE);
        assertThat(answer.get(0).partitions().get(0).text()).contains("is not worked on");
    }

    private static ConditionFactory awaiting(String what) {
        return await(what).atMost(Duration.ofSeconds(45)).pollInterval(Duration.ofMillis(20));
    }

    /** Waits until the lane has polled again and again: each answer is given between two polls. */
    private static void polls(Instance instance) {
        for (int i = 0; i < POLLS; i++) {
            PipelineControl control = instance.control();
            assertDone(instance.status().pausedSince() == null ? control.resume() : control.pause());
        }
    }

    private static void assertDone(List<LaneReport> answer) {
        assertThat(answer).hasSize(1).allSatisfy(lane -> {
            assertThat(lane.outcome()).as(String.valueOf(lane)).isEqualTo(Outcome.DONE);
            assertThat(lane.text()).isNull();
        });
    }
}
