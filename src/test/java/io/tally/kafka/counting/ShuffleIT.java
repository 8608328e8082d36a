package io.tally.kafka.counting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tally.checkpoint.CommitMetadata;
import io.tally.pipeline.status.PartitionSnapshot;
import io.tally.pipeline.status.PartitionStatus;
import io.tally.pipeline.status.Refusal;
import io.tally.pipeline.status.SlowestSource;
import io.tally.pipeline.status.SourceReport;
import io.tally.testkafka.Answers;
import io.tally.testkafka.Input;
import io.tally.testkafka.Instance;
import io.tally.testkafka.LinesPipeline;
import io.tally.testkafka.Log;
import io.tally.testkafka.ShuffleReference;
import io.tally.testkafka.TestBed;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TimeoutException;
import org.hamcrest.Matchers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.kafka.support.KafkaHeaders;

/** Any key, over any partitioning of the source: two stages, each exactly once, and nothing late that is not late. */
class ShuffleIT {
    private static final int PARTITIONS = 4;
    private static final int KEYS = 12;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @RegisterExtension
    final TestBed bed = new TestBed(PARTITIONS);

    private final Random random = new Random(7);

    @Test
    void countsKeysThatAreInEveryPartition() {
        bed.pipeline.shufflePartitions(3);
        start("a");
        Input input = bed.input();
        write(input, 4_000, 60_000);
        closeWindows(input);

        assertExact();
        assertThat(bed.log().partitions(shuffleTopic())).hasSize(3);
    }

    /** A partition that is read last, with all its times in the past of the others. */
    @Test
    void aPartitionFarBehindMakesNothingLate() {
        start("a");
        Input input = bed.input();
        long begin = input.time();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            long time = begin;
            for (int i = 0; i < 600; i++) {
                time += 1_000;
                send(input, partition, time);
            }
            input.flush();
            awaitCombined();
            if (partition < PARTITIONS - 1) {
                assertThat(bed.rows())
                        .as("rows before every partition has spoken")
                        .isEmpty();
            }
        }
        ShuffleReference reference = assertExact();
        assertThat(reference.late).isEmpty();
        assertThat(reference.rows()).hasSizeGreaterThan(1_000);
    }

    @Test
    void staysExactWhenInstancesDieAndComeBack() {
        bed.pipeline.checkpointAfter(50);
        Input input = bed.input();
        Instance running = start("a");
        for (int round = 0; round < 5; round++) {
            write(input, 1_500, 20_000);
            if (round % 2 == 0) {
                running.kill();
            } else {
                running.stop();
            }
            write(input, 300, 3_000);
            running = start("a");
        }
        closeWindows(input);
        assertExact();
    }

    /** Commits that reached the broker, or did not, without the lane being told. */
    @Test
    void staysExactWhenCommitsAreInDoubt() {
        Input input = bed.input();
        Instance instance = start("a");
        for (int round = 0; round < 4; round++) {
            boolean reached = round % 2 == 0;
            AtomicInteger met = instance.faults().nextProducerCalls(3, "commitTransaction", call -> {
                Object result = reached ? call.proceed() : null;
                throw new TimeoutException("the reply is lost, after " + result);
            });
            write(input, 800, 10_000);
            await("lost replies").atMost(PATIENCE).untilAtomic(met, Matchers.equalTo(3));
        }
        closeWindows(input);
        assertExact();
        assertThat(instance.events().aborts).isNotEmpty();
    }

    @Test
    void sharesBothStagesWithMoreInstances() {
        Input input = bed.input();
        Instance first = start("a");
        write(input, 1_000, 15_000);
        Instance second = start("b");
        Instance merger = bed.instance(bed.pipeline.merge(bed.groupId(), "c", bed.topics()))
                .start();
        Instance combiner = bed.instance(bed.pipeline.combine(bed.groupId(), "d", bed.topics()))
                .start();
        write(input, 1_000, 15_000);
        await("a share for each")
                .atMost(PATIENCE)
                .until(() -> Stream.of(merger, combiner)
                        .allMatch(instance -> instance.active().count() > 0));
        write(input, 1_000, 15_000);
        first.kill();
        write(input, 1_000, 15_000);
        second.stop();
        merger.stop();
        start("e");
        closeWindows(input);
        assertExact();
    }

    /** New partitions are waited for from when they are known; nothing of the old ones changes. */
    @Test
    void goesOnWhenTheSourceGrows() {
        start("a");
        start("b");
        Input input = bed.input();
        write(input, 500, 10_000);
        awaitCombined();
        Answers.get(bed.admin()
                .createPartitions(Map.of(bed.topics().source(), NewPartitions.increaseTo(PARTITIONS + 1)))
                .all());
        await("the new partition's birth")
                .atMost(PATIENCE)
                .until(() -> bed.committed().containsKey(PARTITIONS));

        write(input, 500, 10_000);
        send(input, PARTITIONS, input.time());
        send(input, PARTITIONS, input.time() + 20_000);
        closeWindows(input);
        assertExact();
    }

    /** Where a pipeline begins is for what was there before it. */
    @Test
    void readsAnAddedPartitionFromItsBeginning() {
        bed.pipeline.startAtEnd();
        start("a");
        await("births").atMost(PATIENCE).until(() -> bed.committed().size() == PARTITIONS);
        Answers.get(bed.admin()
                .createPartitions(Map.of(bed.topics().source(), NewPartitions.increaseTo(PARTITIONS + 1)))
                .all());
        Input input = bed.input();
        send(input, PARTITIONS, input.time());
        send(input, PARTITIONS, input.time() + 20_000);
        input.flush();
        awaitCombined();
        write(input, 500, 10_000);
        closeWindows(input);
        assertExact();
    }

    /** Also while something is wrong with another topic, which may last: else the disk would be full before. */
    @Test
    void deletesWhatIsMerged() {
        bed.pipeline.checkpointAfter(10);
        start("a");
        Answers.get(bed.admin()
                .incrementalAlterConfigs(Map.of(
                        new ConfigResource(
                                ConfigResource.Type.TOPIC, bed.topics().sink()),
                        List.of(new AlterConfigOp(
                                new ConfigEntry(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT),
                                AlterConfigOp.OpType.SET))))
                .all());
        Input input = bed.input();
        write(input, 2_000, 30_000);
        closeWindows(input);
        assertExact();
        await("shuffle records to be deleted")
                .atMost(PATIENCE)
                .until(() ->
                        bed.log().partitions(shuffleTopic()).stream().allMatch(partition -> earliest(partition) > 0));
        write(input, 500, 10_000);
        closeWindows(input);
        assertExact();
    }

    @Test
    void doesNotWaitForIdlePartitions() {
        bed.pipeline.idleTimeout(Duration.ofMillis(500));
        start("a");
        Input input = bed.input();
        long time = input.time();
        send(input, 0, time);
        send(input, 0, time + 10_000);
        input.flush();
        await("rows of both windows").atMost(PATIENCE).until(() -> bed.rows().size() == 2);

        // It comes back behind what was closed meanwhile: late, and accounted for.
        send(input, 1, time);
        send(input, 1, time + 30_000);
        input.flush();
        await("the late partial and the third row")
                .atMost(PATIENCE)
                .until(() -> bed.rows().size() == 3
                        && bed.log().read(bed.topics().late()).size() == 1);
        ConsumerRecord<byte[], byte[]> late =
                bed.log().read(bed.topics().late()).get(0);
        assertThat(Log.text(late.value())).startsWith(time + " ").contains(" 1 ");
        assertThat(Log.text(late.headers().lastHeader("tally_partial").value())).isEqualTo("true");
        assertThat(Log.text(late.headers()
                        .lastHeader(KafkaHeaders.DLT_ORIGINAL_TOPIC)
                        .value()))
                .isEqualTo(shuffleTopic());
        assertThat(ledgers(
                        bed.groupId() + "-merge", metadata -> metadata.ledger().late()))
                .isEqualTo(1);
    }

    @Test
    void saysWhichPartitionHoldsWindowsOpen() {
        Instance instance = start("a");
        instance.events().watched = true;
        Input input = bed.input();
        long time = input.time();
        for (int partition = 0; partition < PARTITIONS - 1; partition++) {
            send(input, partition, time);
            send(input, partition, time + 100_000);
        }
        input.flush();
        awaitSlowest(instance, new SlowestSource(PARTITIONS - 1, null, null, null)::equals);
        send(input, PARTITIONS - 1, time + 1_000);
        input.flush();

        long earliest = System.currentTimeMillis() - PATIENCE.toMillis();
        awaitSlowest(
                instance,
                slowest -> slowest.partition() == PARTITIONS - 1
                        && Objects.equals(slowest.watermark(), time + 1_000 - LinesPipeline.GRACE.toMillis())
                        && Objects.equals(slowest.offset(), 1L)
                        && slowest.since() != null
                        && slowest.since() > earliest);
        long furthest = time + 100_000 - LinesPipeline.GRACE.toMillis();
        await("how far each source partition is")
                .atMost(PATIENCE)
                .until(() -> merge(instance)
                                .map(PartitionStatus::open)
                                .filter(Objects::nonNull)
                                .flatMap(open -> open.sources().stream())
                                .map(SourceReport::watermark)
                                .filter(Long.valueOf(furthest)::equals)
                                .count()
                        == (long) PARTITIONS * (PARTITIONS - 1));
    }

    @Test
    void refusesToLeaveOutOrPutInAShuffle() {
        Instance shuffled = start("a");
        Input input = bed.input();
        write(input, 100, 1_000);
        awaitCombined();
        shuffled.stop();

        Refusal refusal = bed.instance("a").start().awaitRefusal(0);
        assertThat(refusal.problem()).contains("written by 'it.combine', and this is 'it'", "with a shuffle before");
        assertThat(refusal.remedy())
                .contains("set tally.pipelines.it.shuffle back to always")
                .contains("set tally.pipelines.it.state.topic to a new name");
    }

    private Instance start(String id) {
        return bed.instance(bed.pipeline.buildShuffled(bed.groupId(), id, bed.topics()))
                .start();
    }

    private String shuffleTopic() {
        return LinesPipeline.shuffleTopic(bed.groupId());
    }

    /** Records whose key in Kafka is none, or says nothing. */
    private void send(Input input, int partition, long time) {
        String line = time + " key-" + random.nextInt(KEYS) + " " + (random.nextLong() >>> 24) + " text";
        input.send(partition, random.nextBoolean() ? null : "any", line);
    }

    private void write(Input input, int records, long millis) {
        long begin = input.time();
        for (int i = 0; i < records; i++) {
            long time = begin + millis * (i + 1) / records;
            long back = random.nextInt(20) == 0 ? random.nextInt(12_000) : random.nextInt(2_000);
            send(input, random.nextInt(PARTITIONS), time - back);
        }
        input.advance(millis);
        input.flush();
    }

    private void closeWindows(Input input) {
        input.advance(LinesPipeline.SIZE.plus(LinesPipeline.GRACE).toMillis());
        for (int partition = 0; partition < PARTITIONS; partition++) {
            send(input, partition, input.time());
        }
        input.flush();
    }

    private void awaitCombined() {
        bed.awaitProcessed();
    }

    /** Recounts, and waits for what must come of it: each row once, each late record once, and ledgers that agree. */
    private ShuffleReference assertExact() {
        ShuffleReference reference = new ShuffleReference();
        bed.awaitProcessed().forEach(reference::add);
        await("the merge of " + reference.folded + " records")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> ledgers(
                                bed.groupId() + "-merge",
                                metadata -> metadata.ledger().folded())
                        == reference.folded);
        assertThat(ledgers(bed.groupId(), metadata -> metadata.ledger().folded()))
                .isEqualTo(reference.folded);
        await("all rows")
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(rows()).isEqualTo(reference.rows()));
        assertThat(bed.log().read(bed.topics().late()))
                .extracting(record -> number(record.headers()
                                .lastHeader(KafkaHeaders.DLT_ORIGINAL_PARTITION)
                                .value())
                        + "@"
                        + number(record.headers()
                                .lastHeader(KafkaHeaders.DLT_ORIGINAL_OFFSET)
                                .value()))
                .containsExactlyInAnyOrderElementsOf(reference.late);
        return reference;
    }

    private static long number(byte[] bytes) {
        return new BigInteger(bytes).longValueExact();
    }

    /** Without the first text, which is not defined among equal times. */
    private List<String> rows() {
        return bed.rows().stream()
                .map(row -> row.substring(0, row.lastIndexOf(' ')))
                .sorted()
                .toList();
    }

    private long ledgers(String group, ToLongFunction<CommitMetadata> total) {
        Map<TopicPartition, OffsetAndMetadata> offsets = Answers.get(bed.admin()
                .listConsumerGroupOffsets(group, new ListConsumerGroupOffsetsOptions().requireStable(true))
                .partitionsToOffsetAndMetadata());
        return offsets.values().stream()
                .filter(Objects::nonNull)
                .mapToLong(offset -> total.applyAsLong(CommitMetadata.parse(offset.metadata())))
                .sum();
    }

    private long earliest(TopicPartition partition) {
        return Answers.get(bed.admin()
                        .listOffsets(Map.of(partition, OffsetSpec.earliest()), new ListOffsetsOptions())
                        .partitionResult(partition))
                .offset();
    }

    /** Every partition of the merge says so. */
    private static void awaitSlowest(Instance instance, Predicate<SlowestSource> expected) {
        await("the slowest source partition")
                .atMost(PATIENCE)
                .until(
                        () -> slowest(instance),
                        slowest ->
                                slowest.size() == PARTITIONS && slowest.stream().allMatch(expected));
    }

    private static List<SlowestSource> slowest(Instance instance) {
        return merge(instance)
                .map(PartitionStatus::committed)
                .filter(Objects::nonNull)
                .map(PartitionSnapshot::slowestSource)
                .filter(Objects::nonNull)
                .toList();
    }

    private static Stream<PartitionStatus> merge(Instance instance) {
        return instance.statuses().get(1).lanes().stream().flatMap(lane -> lane.partitions().stream());
    }
}
