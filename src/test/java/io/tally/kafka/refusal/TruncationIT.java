package io.tally.kafka.refusal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tally.testkafka.Answers;
import io.tally.testkafka.Broker;
import io.tally.testkafka.Input;
import io.tally.testkafka.Instance;
import io.tally.testkafka.LinesPipeline;
import io.tally.testkafka.TestBed;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A log that has lost its end and was written on since, as after an unclean leader election. It is as long as before,
 * and only leader epochs tell. All cases share one broker, which goes down once.
 */
class TruncationIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int BATCHES = 4;
    private static final int BATCH = 10;
    private static final long END = BATCHES * BATCH;

    private static @Nullable Broker broker;

    @RegisterExtension
    final TestBed classic = bed("classic");

    @RegisterExtension
    final TestBed consumer = bed("consumer");

    @RegisterExtension
    final TestBed runningClassic = bed("classic");

    @RegisterExtension
    final TestBed runningConsumer = bed("consumer");

    @RegisterExtension
    final TestBed spared = bed("classic");

    @RegisterExtension
    final TestBed shuffled = bed("classic");

    private final List<TestBed> running = List.of(runningClassic, runningConsumer);
    private final List<TestBed> cut = List.of(classic, consumer, runningClassic, runningConsumer);

    @BeforeAll
    static void startBroker() {
        broker = Broker.ofItsOwn();
    }

    @AfterAll
    static void stopBroker() {
        broker().close();
    }

    private static Broker broker() {
        if (broker == null) {
            throw new IllegalStateException("no broker");
        }
        return broker;
    }

    private static TestBed bed(String protocol) {
        TestBed bed = new TestBed(1).on(TruncationIT::broker);
        bed.consumerSettings.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, protocol);
        return bed;
    }

    /** Whether an instance reads meanwhile or comes later, by both group protocols; and what is whole goes on. */
    @Test
    void isRefusedForGood() {
        TopicPartition shuffle = startShuffled();
        List<Instance> instances = cut.stream().map(bed -> bed.started("a")).toList();
        spared.started("a");
        for (TestBed bed : all()) {
            write(bed);
            bed.awaitProcessed();
            OffsetAndMetadata committed = committed(bed.groupId(), bed.source(0));
            assertThat(committed.offset()).isEqualTo(END);
            assertThat(committed.leaderEpoch()).isPresent();
        }
        String merge = shuffled.groupId() + "-merge";
        await("the merge")
                .atMost(PATIENCE)
                .until(() ->
                        committed(merge, shuffle).offset() == shuffled.log().end(shuffle));
        long merged = committed(merge, shuffle).offset();
        for (TestBed bed : List.of(classic, consumer, spared, shuffled)) {
            bed.stopAll();
        }

        broker().stop();
        for (TestBed bed : cut) {
            assertThat(broker().cut(bed.source(0), 1)).isEqualTo(END - BATCH);
        }
        // Data and marker of a transaction.
        long lost = broker().cut(shuffle, 2);
        broker().restart();
        all().forEach(TruncationIT::write);
        shuffled.instance(shuffled.pipeline.combine(shuffled.groupId(), "a", shuffled.topics()))
                .start();
        while (shuffled.log().end(shuffle) <= merged) {
            write(shuffled);
            shuffled.awaitProcessed();
        }

        for (TestBed bed : cut) {
            Instance instance = running.contains(bed)
                    ? instances.get(cut.indexOf(bed))
                    : bed.instance("a").start();
            assertRefused(instance, bed.groupId(), bed.source(0), END - BATCH);
        }
        for (TestBed bed : cut) {
            awaitNoted(bed.groupId(), bed.source(0));
            bed.stopAll();
            removeProof(bed.groupId(), bed.source(0));
            assertStaysRefused(bed.instance("a").start(), bed.groupId(), bed.source(0), END - BATCH);
            assertThat(bed.rows()).as("rows").isEmpty();
        }
        Instance merging = shuffled.instance(shuffled.pipeline.merge(shuffled.groupId(), "a", shuffled.topics()));
        assertRefused(merging.start(), merge, shuffle, lost);
        awaitNoted(merge, shuffle);
        merging.stop();
        removeProof(merge, shuffle);
        merging = shuffled.instance(shuffled.pipeline.merge(shuffled.groupId(), "a", shuffled.topics()));
        assertStaysRefused(merging.start(), merge, shuffle, lost);
        assertThat(shuffled.rows()).as("rows of the merge").isEmpty();
        spared.started("a");
        spared.assertExact();
    }

    /** It is started, and its topics are there. */
    private TopicPartition startShuffled() {
        shuffled.pipeline.shufflePartitions(1);
        shuffled.instance(shuffled.pipeline.buildShuffled(shuffled.groupId(), "a", shuffled.topics()))
                .start()
                .awaitActive(1);
        return new TopicPartition(LinesPipeline.shuffleTopic(shuffled.groupId()), 0);
    }

    private List<TestBed> all() {
        return List.of(classic, consumer, runningClassic, runningConsumer, spared, shuffled);
    }

    /**
     * Later each time, so that it would close the windows of before. In order, since the window of a late record that
     * comes first would close at once.
     */
    private static void write(TestBed bed) {
        Input input = bed.input();
        input.advance(bed.log().end(bed.source(0)) * 1_000);
        for (int batch = 0; batch < BATCHES; batch++) {
            for (int record = 0; record < BATCH; record++) {
                input.send(0, record, input.time());
                input.advance(10);
            }
            input.flush();
        }
    }

    private static void assertRefused(Instance instance, String group, TopicPartition log, long lost) {
        long offset = committed(group, log).offset();
        assertThat(instance.awaitRefusal(0).problem())
                .contains("The source " + log + " was truncated: offset " + offset + " was committed when")
                .contains("leader epoch", "ends at offset " + lost + " now");
    }

    private static void assertStaysRefused(Instance instance, String group, TopicPartition log, long lost) {
        long offset = committed(group, log).offset();
        assertThat(instance.awaitRefusal(0).problem())
                .contains("The source " + log + " was once found to have lost records", "before offset " + offset)
                .contains("from offset " + lost + " on");
    }

    private static void awaitNoted(String group, TopicPartition log) {
        long offset = committed(group, log).offset();
        await("the note about " + log)
                .atMost(PATIENCE)
                .until(() -> committed(group, log).metadata().contains(" x="));
        assertThat(committed(group, log).offset()).isEqualTo(offset);
    }

    /** As retention does: a log that begins at the committed offset has no epoch before it. */
    private static void removeProof(String group, TopicPartition log) {
        RecordsToDelete before =
                RecordsToDelete.beforeOffset(committed(group, log).offset());
        Answers.get(broker().admin().deleteRecords(Map.of(log, before)).all());
    }

    /** Waits for it, since the admin client leaves out what is pending. */
    private static OffsetAndMetadata committed(String group, TopicPartition partition) {
        ListConsumerGroupOffsetsOptions stable = new ListConsumerGroupOffsetsOptions().requireStable(true);
        return await("a committed offset of " + partition)
                .atMost(PATIENCE)
                .until(
                        () -> Answers.get(broker().admin()
                                        .listConsumerGroupOffsets(group, stable)
                                        .partitionsToOffsetAndMetadata())
                                .get(partition),
                        Objects::nonNull);
    }
}
