package io.tally.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tally.aggregate.AggregateInput;
import io.tally.aggregate.CustomAggregates;
import io.tally.aggregate.WeightedMean;
import io.tally.checkpoint.CommitMetadata;
import io.tally.heap.HeapBudget;
import io.tally.pipeline.KeyPlaces;
import io.tally.pipeline.status.Refusal;
import io.tally.window.Emission;
import io.tally.window.WindowKind;
import io.tally.window.WindowSpec;
import io.tally.window.Windowing;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What must not be guessed is refused, with the numbers and a remedy; and only the partition concerned stops. Mostly
 * partition 1 is the one that is meddled with.
 */
class RefusalIT {
    @RegisterExtension
    final Scenario scenario = new Scenario(2);

    /** As two client libraries write, whose partitioners differ. */
    @Test
    void aKeyInTwoPartitions() {
        scenario.pipeline.spread(KeyPlaces.Action.REFUSE);
        Input input = scenario.input();
        for (int i = 0; i < 20; i++) {
            long time = input.time() + 500L * i;
            input.send(i % 2, "k", time + " k 1 text");
        }
        input.flush();
        Instance instance = scenario.instance("a").start();
        await().until(() -> instance.refusal(0).or(() -> instance.refusal(1)).isPresent());
        input.closeWindows();
        for (int partition = 0; partition < 2; partition++) {
            Refusal refusal = instance.awaitRefusal(partition);
            assertThat(refusal.problem()).contains("key 'k' came in partitions [0, 1]");
            assertThat(refusal.remedy()).contains("tally.pipelines.it.shuffle=always");
        }
    }

    /** As sent by hand to move the watermark on. */
    @Test
    void oneRecordOfAKeyInEachPartitionIsNoProof() {
        scenario.pipeline.spread(KeyPlaces.Action.REFUSE);
        Input input = scenario.input();
        run(input);
        input.advance(100_000);
        for (int partition = 0; partition < 2; partition++) {
            input.send(partition, "close", input.time() + " close 1 text");
        }
        scenario.awaitProcessed();
    }

    @Test
    void groupDeleted() {
        runAndStop();
        Broker.get(scenario.admin()
                .deleteConsumerGroups(List.of(scenario.groupId()))
                .all());
        Instance next = scenario.instance("a").start();
        for (int partition = 0; partition < 2; partition++) {
            assertRefused(
                    next,
                    partition,
                    "The group " + scenario.groupId() + " has no committed offset for " + source(partition),
                    "the pipeline has run since offset 0");
        }
        assertThat(scenario.committed()).isEmpty();
        assertThat(next.events().refusals).hasSize(2);
    }

    @Test
    void offsetOfOnePartitionExpired() {
        runAndStop();
        Broker.get(scenario.admin()
                .deleteConsumerGroupOffsets(scenario.groupId(), Set.of(scenario.source(1)))
                .all());
        Instance next = scenario.instance("a").start();
        assertRefused(next, 1, "no committed offset for " + source(1), "has run since offset 0", "expired");
        assertGoesOn(0);
    }

    @Test
    void offsetResetByHand() {
        runAndStop();
        setOffset(new OffsetAndMetadata(10));
        Instance next = scenario.instance("a").start();
        assertRefused(
                next,
                1,
                "The committed offset 10 of " + source(1) + " does not carry this pipeline's metadata",
                "has run since offset 0",
                "reset by hand");
        assertGoesOn(0);
        assertThat(scenario.committed(1).offset()).isEqualTo(10);
    }

    /** Setting it back, as the remedy says, loses nothing. */
    @Test
    void offsetMovedByAToolThatKeptTheMetadata() {
        Input input = runAndStop();
        OffsetAndMetadata before = scenario.committed(1);
        setOffset(new OffsetAndMetadata(10, before.metadata()));
        Instance next = scenario.instance("a").start();
        Refusal refusal = assertRefused(
                next,
                1,
                "The committed offset 10 of " + source(1) + " carries the metadata of offset " + before.offset());
        assertThat(refusal.remedy()).contains("set the offset back to " + before.offset() + " with the same metadata");
        assertGoesOn(0);

        next.stop();
        setOffset(before);
        scenario.started("a");
        input.closeWindows();
        scenario.assertExact();
    }

    @Test
    void metadataEdited() {
        runAndStop();
        OffsetAndMetadata before = scenario.committed(1);
        setOffset(new OffsetAndMetadata(before.offset(), before.metadata().replace(" b=0", " b=1")));
        Instance next = scenario.instance("a").start();
        assertRefused(
                next,
                1,
                "The metadata of the committed offset " + before.offset() + " of " + source(1),
                "checksum is wrong",
                " b=1 ");
        assertGoesOn(0);
    }

    @Test
    void stateTopicDeleted() {
        runAndStop();
        long committed = scenario.committed(1).offset();
        delete(state());
        Instance next = scenario.instance("a").start();
        assertRefused(
                next,
                1,
                "Offset " + committed + " of " + source(1) + " was committed by this pipeline",
                "the state topic " + state() + "-1 holds no birth marker");
        next.awaitRefusal(0);
    }

    /** All of it, or only the oldest record, which is the birth marker. */
    @ParameterizedTest
    @ValueSource(longs = {-1, 1})
    void stateTopicTruncated(long before) {
        runAndStop();
        configure(state(), TopicConfig.CLEANUP_POLICY_CONFIG, "delete");
        deleteRecords(new TopicPartition(state(), 1), before);
        configure(state(), TopicConfig.CLEANUP_POLICY_CONFIG, "compact");
        long committed = scenario.committed(1).offset();
        Instance next = scenario.instance("a").start();
        assertRefused(next, 1, "Offset " + committed + " of " + source(1), state() + "-1 holds no birth marker");
        assertGoesOn(0);
    }

    @Test
    void entryOfTheStateMissing() throws Exception {
        Input input = runAndStop();
        CommitMetadata metadata = scenario.progress(1).metadata();
        ConsumerRecord<byte[], byte[]> entry = anEntry();
        write(input, entry.key(), null);
        Instance next = scenario.instance("a").start();
        assertRefused(
                next,
                1,
                "The state topic " + state() + "-1 is damaged",
                "it holds " + (metadata.storedEntries() - 1) + " entries with digest",
                "but " + metadata.storedEntries() + " with digest " + Long.toHexString(metadata.storedDigest())
                        + " were committed at offset " + metadata.offset());
        assertGoesOn(0);
    }

    /** Putting the entry back, as from a backup, loses nothing. */
    @Test
    void entryOfTheStateDamaged() throws Exception {
        Input input = runAndStop();
        ConsumerRecord<byte[], byte[]> entry = anEntry();
        byte[] damaged = entry.value().clone();
        damaged[damaged.length - 1] ^= 1;
        write(input, entry.key(), damaged);
        Instance next = scenario.instance("a").start();
        assertRefused(next, 1, "The state topic " + state() + "-1 is damaged", "a record whose checksum is wrong");
        assertGoesOn(0);

        next.stop();
        write(input, entry.key(), entry.value());
        scenario.started("a");
        input.closeWindows();
        scenario.assertExact();
    }

    @Test
    void garbageInTheStateTopic() throws Exception {
        Input input = runAndStop();
        long offset = write(input, "garbage".getBytes(StandardCharsets.UTF_8), new byte[0]);
        Instance next = scenario.instance("a").start();
        assertRefused(
                next,
                1,
                "at its offset " + offset + " stands a record of format version " + (int) 'g'
                        + ", and this version knows only 1");
        assertGoesOn(0);
    }

    @Test
    void stateTopicOfAnotherGroup() {
        runAndStop();
        Instance other = scenario.instance(scenario.pipeline.build("other-group", "a", scenario.topics()))
                .start();
        Refusal refusal = other.awaitRefusal(1);
        assertThat(refusal.problem())
                .contains("The state topic " + state() + "-1 belongs to pipeline 'it' of group '" + scenario.groupId())
                .contains("not to pipeline 'it' of group 'other-group'");
        assertThat(refusal.remedy()).contains("tally.pipelines.it.state.topic");
    }

    /** Once the state topic has grown too, so that the first look at the topics lets it pass. */
    @Test
    void sourcePartitionsAdded() {
        runAndStop();
        Broker.get(scenario.admin()
                .createPartitions(Map.of(scenario.topics().source(), NewPartitions.increaseTo(3)))
                .all());
        Instance next = scenario.instance("a").start();
        await().until(
                        () -> String.valueOf(next.status().problem()),
                        problem -> problem.contains(
                                "The source topic " + scenario.topics().source()
                                        + " has 3 partitions, but the state topic " + state() + " has 2."));
        assertThat(next.status().lanes()).isEmpty();

        Broker.get(scenario.admin()
                .createPartitions(Map.of(state(), NewPartitions.increaseTo(3)))
                .all());
        assertRefused(
                next,
                1,
                "The source topic " + scenario.topics().source()
                        + " has 3 partitions, and the state was counted when it had 2");
        next.awaitRefusal(0);
    }

    @Test
    void sourceDeletedAndCreatedAgain() {
        runAndStop();
        String before = topicId();
        delete(scenario.topics().source());
        scenario.createSource(2);
        Instance next = scenario.instance("a").start();
        assertRefused(
                next,
                1,
                "The source topic " + scenario.topics().source() + " was deleted and created again: its id is "
                        + topicId() + ", and the state was counted from " + before);
        next.awaitRefusal(0);
    }

    @Test
    void recordsToReplayTrimmed() {
        Input input = scenario.input();
        Instance first = run(input);
        first.kill();
        CommitMetadata metadata = scenario.progress(1).metadata();
        long start = metadata.recoveryOffset() + 1;
        assertThat(start).isLessThan(metadata.offset());
        deleteRecords(scenario.source(1), start);
        Instance next = scenario.instance("a").start();
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
        long committed = scenario.committed(1).offset();
        deleteRecords(scenario.source(1), committed);
        Instance next = scenario.started("a");
        next.stop();
        input.random(100, 1_000);
        deleteRecords(scenario.source(1), committed + 7);
        Instance third = scenario.instance("a").start();
        assertRefused(
                third,
                1,
                "begins at offset " + (committed + 7) + ", but the records from " + committed
                        + " are needed and were never counted");
        assertGoesOn(0);
    }

    /** Also when the source has grown beyond it, of which no leader epoch tells; whatever becomes of the first note. */
    @Test
    void committedOffsetBeyondTheEnd() {
        Input input = runAndStop();
        CommitMetadata found = scenario.progress(1).metadata();
        long offset = found.offset() + 10;
        CommitMetadata beyond = new CommitMetadata(
                offset,
                found.watermark(),
                offset,
                null,
                found.birthOffset(),
                found.ledger(),
                found.storedEntries(),
                found.storedDigest(),
                found.fingerprint(),
                found.transactionalId());
        setOffset(new OffsetAndMetadata(offset, beyond.format()));
        Instance next = scenario.instance("a");
        AtomicInteger failed = next.faults().nextProducerCalls(1, "sendOffsetsToTransaction", call -> {
            throw new KafkaException("injected");
        });
        next.start();
        assertRefused(
                next,
                1,
                "The committed offset " + offset + " of " + source(1) + " lies beyond its end " + found.offset()
                        + ": the topic was truncated or lost data");
        await("the note")
                .until(() -> Objects.equals(scenario.progress(1).metadata().lostFrom(), found.offset()));
        assertThat(failed).hasValue(1);
        assertThat(scenario.progress(1).metadata()).isEqualTo(beyond.lost(found.offset(), found.transactionalId()));
        assertGoesOn(0);
        next.stop();

        for (int i = 0; i < 20; i++) {
            input.send(1, 0, input.time());
        }
        input.flush();
        Instance later = scenario.instance("a").start();
        assertRefused(
                later,
                1,
                "The source " + source(1) + " was once found to have lost records that were counted before offset "
                        + offset + ", from offset " + found.offset() + " on");
        assertGoesOn(0);
    }

    /** A new pipeline, too, where the operator made a mistake. */
    @Test
    void firstOffsetBeyondTheEnd() {
        setOffset(new OffsetAndMetadata(50));
        Instance next = scenario.instance("a").start();
        assertRefused(next, 1, "The committed offset 50 of " + source(1) + " lies beyond its end 0");
        next.awaitActive(1);
        assertGoesOn(0);
        assertThat(scenario.committed(1).metadata()).as("not ours").isEmpty();
    }

    /** Its row would leave by the clock, in a transaction without a record. */
    @Test
    void aFunctionWithoutAResult() {
        scenario.pipeline.window(new WindowSpec(
                new WindowKind.Aligned(Windowing.tumbling(Pipeline.SIZE)),
                Pipeline.GRACE,
                Duration.ZERO,
                Emission.UPDATES));
        scenario.pipeline.emitAfter(Duration.ofMillis(300));
        scenario.pipeline.text(CustomAggregates.of("broken", new BrokenResult(), List.of(1)));
        Instance instance = scenario.started("a");
        Input input = scenario.input();
        input.send(1, 1, input.time());
        input.flush();
        Refusal refusal = instance.awaitRefusal(1);
        assertThat(refusal.problem()).contains("method result of aggregate 'broken'", "no result");
        assertThat(refusal.remedy()).contains("correct the function, then restart");
        instance.awaitActive(1);
        assertThat(instance.lane(0).ended()).isFalse();
    }

    private static final class BrokenResult extends WeightedMean {
        @Override
        public Sums add(Sums sums, AggregateInput input) {
            return sums;
        }

        @Override
        public Object result(Sums sums) {
            throw new IllegalStateException("no result");
        }
    }

    /** Going back to the old configuration loses nothing. */
    @Test
    void structureChangedWithWindowsOpen() {
        Input input = runAndStop();
        CommitMetadata metadata = scenario.progress(1).metadata();
        scenario.pipeline.fingerprint("another", "replay");
        Instance next = scenario.instance("a").start();
        Refusal refusal = next.awaitRefusal(1);
        assertThat(refusal.problem())
                .contains("At offset " + metadata.offset() + " of " + source(1) + " windows are open")
                .contains("fingerprint " + metadata.fingerprint().structure());
        assertThat(refusal.remedy()).contains("run with the old configuration until they have closed");
        next.awaitRefusal(0);
        next.stop();

        scenario.pipeline.fingerprint("structure", "replay");
        scenario.started("a");
        input.closeWindows();
        scenario.assertExact();
    }

    /** With records to replay it is refused; after a clean stop, as the remedy says, there are none. */
    @Test
    void replayChanged() {
        Input input = scenario.input();
        run(input).kill();
        CommitMetadata metadata = scenario.progress(1).metadata();
        scenario.pipeline.fingerprint("structure", "another");
        Instance next = scenario.instance("a").start();
        Refusal refusal = next.awaitRefusal(1);
        assertThat(refusal.problem())
                .contains("The records " + metadata.recoveryOffset() + " to " + metadata.offset() + " of " + source(1)
                        + " must be replayed")
                .contains("fingerprint " + metadata.fingerprint().replay());
        assertThat(refusal.remedy()).contains("start once with the old configuration and version and stop it cleanly");
        next.awaitRefusal(0);
        next.stop();

        scenario.pipeline.fingerprint("structure", "replay");
        scenario.started("a").stop();
        scenario.pipeline.fingerprint("structure", "another");
        scenario.started("a");
        input.random(200, 3_000);
        input.closeWindows();
        scenario.assertExact();
        assertThat(scenario.progress(1).metadata().fingerprint()).isNotEqualTo(metadata.fingerprint());
    }

    /** A higher limit goes on where the partition stopped. */
    @Test
    void tooManyOpenEntries() {
        scenario.pipeline.maxOpenEntries(30);
        Input input = scenario.input();
        Instance instance = scenario.started("a");
        for (int key = 0; key <= 30; key++) {
            input.send(1, key, input.time());
        }
        input.flush();
        Refusal refusal = instance.awaitRefusal(1);
        assertThat(refusal.problem())
                .contains("At offset 30 of " + source(1))
                .contains("the partition has 30 open (window, key) entries in 1 windows, its limit");
        assertThat(refusal.remedy()).contains("raise tally.pipelines.it.max-open-entries");
        assertThat(instance.lane(0).ended()).isFalse();
        assertGoesOn(0);
        instance.stop();

        scenario.pipeline.maxOpenEntries(31);
        scenario.started("a");
        input.closeWindows();
        scenario.assertExact();
    }

    /** Neither the other partition nor another pipeline is stopped, and a restart with no more heap says the same. */
    @Test
    void windowsTakeAllTheHeapTheyMay() {
        scenario.pipeline.heap(new HeapBudget(100_000, "half of a small heap"));
        Input input = scenario.input();
        Instance instance = scenario.started("a");
        for (int key = 0; key < 1_000; key++) {
            input.send(1, key, input.time());
        }
        input.flush();
        Refusal refusal = instance.awaitRefusal(1);
        assertThat(refusal.problem())
                .contains("of " + source(1) + ", the open windows of the pipeline would take 0.")
                .contains("half of a small heap");
        assertThat(refusal.remedy()).contains("-Xmx").contains("tally.pipelines.it.max-open-bytes");
        assertThat(instance.lane(0).ended()).isFalse();
        assertGoesOn(0);
        instance.stop();

        scenario.pipeline.heap(new HeapBudget(100_000, "half of a small heap"));
        Instance again = scenario.instance("a").start();
        assertThat(again.awaitRefusal(1).problem()).contains("the open windows of the pipeline would take 0.");
        assertGoesOn(0);
        again.stop();

        scenario.pipeline.heap(new HeapBudget(1_000_000, "half of a larger heap"));
        scenario.started("a");
        input.closeWindows();
        scenario.assertExact();
    }

    /** Tried a few times, since a transaction of both partitions fails as a whole; then only the one stops. */
    @Test
    void resultTooLargeForTheSink() {
        configure(scenario.topics().sink(), TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "2000");
        Instance instance = scenario.started("a");
        Input input = scenario.input();
        input.send(1, "p1-k1", input.time() + " p1-k1 5 " + "x".repeat(4_000));
        input.send(0, 1, input.time());
        input.flush();
        scenario.awaitProcessed();
        input.closeWindows();
        // Neither commits of the other partition nor checkpoints of this one are a success of what cannot be written.
        await().atMost(Duration.ofSeconds(15))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> {
                    input.send(0, 1, input.time());
                    input.flush();
                    return instance.refusal(1).isPresent();
                });
        Refusal refusal = instance.awaitRefusal(1);
        assertThat(refusal.problem())
                .contains("The outputs of " + source(1) + " cannot be written to topic "
                        + scenario.topics().sink() + ": RecordTooLargeException")
                .contains("(3 tries)");
        assertThat(refusal.remedy())
                .contains("raise max.message.bytes of " + scenario.topics().sink())
                .contains("then restart; nothing is lost");
        assertGoesOn(0);
        assertThat(scenario.rows()).isNotEmpty().allMatch(row -> row.contains(" p0-"));
        instance.stop();

        configure(scenario.topics().sink(), TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "10000");
        scenario.started("a");
        input.closeWindows();
        scenario.assertExact();
    }

    /** No refusal: the pipeline says what is missing, and goes on once it is there. */
    @Test
    void sinkDeletedWhileRunning() {
        Instance instance = scenario.started("a");
        Input input = scenario.input();
        for (int key = 0; key < 10; key++) {
            input.send(key % 2, key, input.time());
        }
        input.flush();
        scenario.awaitProcessed();
        delete(scenario.topics().sink());
        input.closeWindows();
        await().atMost(Duration.ofSeconds(20))
                .until(
                        () -> String.valueOf(instance.status().problem()),
                        problem -> problem.contains(
                                "The sink topic " + scenario.topics().sink()));
        await().until(() -> !instance.events().aborts.isEmpty());
        assertThat(instance.events().refusals).isEmpty();

        scenario.create(new NewTopic(scenario.topics().sink(), 2, (short) 1));
        scenario.assertExact();
        await().atMost(Duration.ofSeconds(20)).until(() -> instance.status().problem() == null);
    }

    // ---- what came before

    private Instance run(Input input) {
        Instance instance = scenario.started("a");
        input.random(300, 12_000);
        scenario.awaitProcessed();
        return instance;
    }

    /** With windows open, and their entries in the state topic. */
    private Input runAndStop() {
        Input input = scenario.input();
        run(input).stop();
        return input;
    }

    // ---- meddling

    private void setOffset(OffsetAndMetadata offset) {
        Broker.get(scenario.admin()
                .alterConsumerGroupOffsets(scenario.groupId(), Map.of(scenario.source(1), offset))
                .all());
    }

    /** The broker takes a moment to know a new cleanup policy, and until then refuses. */
    private void deleteRecords(TopicPartition partition, long before) {
        await().ignoreExceptionsMatching(e -> e.getCause() instanceof PolicyViolationException)
                .until(() -> {
                    Broker.get(scenario.admin()
                            .deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(before)))
                            .all());
                    return true;
                });
    }

    private void delete(String topic) {
        Broker.get(scenario.admin().deleteTopics(List.of(topic)).all());
        await().until(() -> !Broker.get(scenario.admin().listTopics().names()).contains(topic));
    }

    private void configure(String topic, String name, String value) {
        AlterConfigOp set = new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        Broker.get(scenario.admin()
                .incrementalAlterConfigs(Map.of(resource, List.of(set)))
                .all());
    }

    /** Writes to the state partition 1; gives the offset. */
    private long write(Input input, byte[] key, byte @Nullable [] value) throws Exception {
        return input.producer()
                .send(new ProducerRecord<>(state(), 1, key, value))
                .get()
                .offset();
    }

    /** The newest version of some entry in the state partition 1. */
    private ConsumerRecord<byte[], byte[]> anEntry() {
        Map<String, ConsumerRecord<byte[], byte[]>> newest = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : scenario.log().read(state())) {
            if (record.partition() == 1 && record.key()[1] == 'E') {
                newest.put(new String(record.key(), StandardCharsets.ISO_8859_1), record);
            }
        }
        List<ConsumerRecord<byte[], byte[]>> live = new ArrayList<>(newest.values());
        live.removeIf(record -> record.value() == null);
        return live.get(0);
    }

    // ---- looking

    /** Waits for the refusal; the remedy is to start anew, with names to paste. */
    private Refusal assertRefused(Instance instance, int partition, String... problem) {
        Refusal refusal = instance.awaitRefusal(partition);
        assertThat(refusal.problem()).contains(problem);
        assertThat(refusal.remedy())
                .containsIgnoringCase("start anew")
                .contains("--group " + scenario.groupId() + " --topic "
                        + scenario.topics().source())
                .contains("tally.pipelines.it.state.topic");
        assertThat(instance.lane(0).ended()).isFalse();
        return refusal;
    }

    /** One more record of the partition is counted. */
    private void assertGoesOn(int partition) {
        long folded = folded(partition);
        try (Input more = scenario.input()) {
            more.advance(100_000);
            more.send(partition, 0, more.time());
            more.flush();
            await("partition " + partition).atMost(Duration.ofSeconds(20)).until(() -> folded(partition) > folded);
        }
    }

    private long folded(int partition) {
        return scenario.progress(partition).metadata().ledger().folded();
    }

    private String source(int partition) {
        return scenario.source(partition).toString();
    }

    private String state() {
        return scenario.topics().state();
    }

    private String topicId() {
        String source = scenario.topics().source();
        return Broker.get(scenario.admin().describeTopics(List.of(source)).allTopicNames())
                .get(source)
                .topicId()
                .toString();
    }
}
