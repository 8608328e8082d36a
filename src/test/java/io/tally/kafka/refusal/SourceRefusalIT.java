package io.tally.kafka.refusal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tally.checkpoint.CommitMetadata;
import io.tally.pipeline.KeyPlaces;
import io.tally.pipeline.status.Refusal;
import io.tally.testkafka.Answers;
import io.tally.testkafka.Input;
import io.tally.testkafka.Instance;
import io.tally.testkafka.Refusals;
import java.util.Map;
import org.apache.kafka.clients.admin.NewPartitions;
import org.junit.jupiter.api.Test;

/** A source that is another one, or has lost what is needed. */
class SourceRefusalIT extends Refusals {
    /** As two client libraries write, whose partitioners differ. */
    @Test
    void aKeyInTwoPartitions() {
        bed.pipeline.spread(KeyPlaces.Action.REFUSE);
        Input input = bed.input();
        for (int i = 0; i < 20; i++) {
            long time = input.time() + 500L * i;
            input.send(i % 2, "k", time + " k 1 text");
        }
        input.flush();
        Instance instance = bed.instance("a").start();
        await().until(() -> instance.refusal(0).or(() -> instance.refusal(1)).isPresent());
        input.closeWindows();
        for (int partition = 0; partition < 2; partition++) {
            Refusal refusal = instance.awaitRefusal(partition);
            assertThat(refusal.problem())
                    .containsPattern(
                            "the key of " + bed.topics().source() + "-[01]@\\d+ came in partitions \\[0, 1\\]");
            assertThat(refusal.remedy()).contains("tally.pipelines.it.shuffle=always");
        }
    }

    /** As sent by hand to move the watermark on. */
    @Test
    void oneRecordOfAKeyInEachPartitionIsNoProof() {
        bed.pipeline.spread(KeyPlaces.Action.REFUSE);
        Input input = bed.input();
        run(input);
        input.advance(100_000);
        for (int partition = 0; partition < 2; partition++) {
            input.send(partition, "close", input.time() + " close 1 text");
        }
        bed.awaitProcessed();
    }

    @Test
    void aKeyInTwoPartitionsIsCountedAndToldOfWhereThatIsWanted() {
        bed.pipeline.spread(KeyPlaces.Action.WARN);
        Input input = bed.input();
        Instance instance = bed.started("a");
        for (int i = 0; i < 20; i++) {
            input.send(i % 2, "k", input.time() + " k 1 text");
        }
        input.flush();
        bed.awaitProcessed();
        assertThat(instance.status().findings())
                .singleElement()
                .asString()
                .contains(" came in partitions [0, 1]")
                .contains("tally.pipelines.it.shuffle=always");
        assertThat(instance.active()).hasSize(2);
    }

    /** Once the state topic has grown too, so that the first look at the topics lets it pass. */
    @Test
    void sourcePartitionsAdded() {
        runAndStop();
        Answers.get(bed.admin()
                .createPartitions(Map.of(bed.topics().source(), NewPartitions.increaseTo(3)))
                .all());
        Instance next = bed.instance("a").start();
        await().until(
                        () -> String.valueOf(next.status().problem()),
                        problem -> problem.contains(
                                "The source topic " + bed.topics().source() + " has 3 partitions, but the state topic "
                                        + state() + " has 2."));
        assertThat(next.status().lanes()).isEmpty();

        Answers.get(bed.admin()
                .createPartitions(Map.of(state(), NewPartitions.increaseTo(3)))
                .all());
        assertRefused(
                next,
                1,
                "The source topic " + bed.topics().source()
                        + " has 3 partitions, and the state was counted when it had 2");
        next.awaitRefusal(0);
    }

    @Test
    void sourceDeletedAndCreatedAgain() {
        runAndStop();
        String before = topicId();
        delete(bed.topics().source());
        bed.createSource(2);
        Instance next = bed.instance("a").start();
        assertRefused(
                next,
                1,
                "The source topic " + bed.topics().source() + " was deleted and created again: its id is " + topicId()
                        + ", and the state was counted from " + before);
        next.awaitRefusal(0);
    }

    @Test
    void recordsToReplayTrimmed() {
        Input input = bed.input();
        Instance first = run(input);
        first.kill();
        CommitMetadata metadata = bed.progress(1).metadata();
        long start = metadata.recoveryOffset() + 1;
        assertThat(start).isLessThan(metadata.offset());
        deleteRecords(bed.source(1), start);
        Instance next = bed.instance("a").start();
        assertRefused(
                next,
                1,
                "The source " + source(1) + " begins at offset " + start + ", but the records from "
                        + metadata.recoveryOffset() + " are needed to rebuild open windows");
        assertGoesOn(0);
    }

    /** After a clean stop only what was never counted is needed. */
    @Test
    void recordsNeverCountedTrimmed() {
        Input input = runAndStop();
        long committed = bed.committed(1).offset();
        deleteRecords(bed.source(1), committed);
        Instance next = bed.started("a");
        next.stop();
        input.random(100, 1_000);
        deleteRecords(bed.source(1), committed + 7);
        Instance third = bed.instance("a").start();
        assertRefused(
                third,
                1,
                "begins at offset " + (committed + 7) + ", but the records from " + committed
                        + " are needed and were never counted");
        assertGoesOn(0);
    }

    /** It has stood still for longer than the source keeps its records. */
    @Test
    void recordsTrimmedWhileItStoodStill() {
        Input input = bed.input();
        Instance instance = run(input);
        instance.control().pause();
        long committed = bed.committed(1).offset();
        input.random(100, 1_000);
        deleteRecords(bed.source(1), committed + 7);
        instance.control().resume();
        assertRefused(instance, 1, "The source " + source(1) + " begins at offset " + (committed + 7), "are needed");
        assertGoesOn(0);
    }
}
