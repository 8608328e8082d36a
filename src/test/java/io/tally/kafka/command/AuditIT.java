package io.tally.kafka.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tally.aggregate.exact.BuiltIn;
import io.tally.checkpoint.CommitMetadata;
import io.tally.command.CommandRun;
import io.tally.command.MemoryLog;
import io.tally.command.audit.Audit;
import io.tally.command.explain.Explain;
import io.tally.command.frame.ExitCode;
import io.tally.kafka.log.KafkaLogReader;
import io.tally.pipeline.log.LogReader;
import io.tally.plan.PipelineDefinition;
import io.tally.testkafka.Input;
import io.tally.testkafka.Instance;
import io.tally.testkafka.LinesPipeline;
import io.tally.testkafka.Log;
import io.tally.testkafka.OffsetCommit;
import io.tally.testkafka.TestBed;
import io.tally.window.Emission;
import io.tally.window.WindowKind;
import io.tally.window.WindowSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** What a pipeline has done on a broker stands the audit; whatever is changed of it afterwards is found. */
class AuditIT {
    private static final int PARTITIONS = 3;

    @RegisterExtension
    final TestBed bed = new TestBed(PARTITIONS);

    private PipelineDefinition definition() {
        return bed.pipeline.direct(bed.groupId(), bed.topics());
    }

    private static JsonNode audit(PipelineDefinition pipeline, LogReader log, ExitCode expected) {
        CommandRun run = CommandRun.of(new Audit(), pipeline, log, "--json");
        assertThat(run.code()).as(run.text()).isEqualTo(expected);
        return run.json();
    }

    private JsonNode auditBroker(PipelineDefinition pipeline, ExitCode expected) {
        return audit(pipeline, new KafkaLogReader(bed.settings(), "audit"), expected);
    }

    private void write(Input input, int records, long millis) {
        input.random(records, millis);
        for (int partition = 0; partition < PARTITIONS; partition++) {
            input.send(partition, "p" + partition + "-k1", "no line");
            input.send(partition, null, null);
        }
        input.flush();
    }

    /** Also with instances that die: nothing of that is to be seen. */
    private void goodRun() {
        Input input = bed.input();
        Instance first = bed.instance("a").start();
        write(input, 1_500, 40_000);
        first.kill();
        bed.instance("a").start();
        bed.instance("b").start();
        write(input, 1_500, 40_000);
        input.closeWindows();
        bed.assertExact();
    }

    @Test
    void findsWhateverIsChanged() {
        goodRun();
        PipelineDefinition pipeline = definition();

        JsonNode good = auditBroker(pipeline, ExitCode.GOOD);
        assertThat(good.get("first")).isEmpty();
        assertThat(good.get("rows").asInt()).isEqualTo(bed.rows().size()).isGreaterThan(500);
        assertThat(good.get("lateRecords").asInt())
                .isEqualTo(bed.log().read(bed.topics().late()).size())
                .isPositive();
        assertThat(good.get("deadLetters").asInt()).isEqualTo(4 * PARTITIONS);

        explainSome(pipeline);

        TopicCopy copy = TopicCopy.of(bed);
        assertThat(audit(pipeline, copy.log(), ExitCode.GOOD)).isEqualTo(good);
        SoftAssertions all = new SoftAssertions();
        new AuditMutations(bed, copy).all().forEach((name, mutation) -> {
            MemoryLog changed = copy.log();
            mutation.change().accept(changed);
            CommandRun run = CommandRun.of(new Audit(), pipeline, changed, "--json");
            all.assertThat(run.code()).as(name).isEqualTo(ExitCode.FOUND);
            all.assertThat(run.json().get("byKind").toString()).as(name).isEqualTo(mutation.found());
        });
        all.assertAll();
    }

    /** Rows that were aborted are none. One that somebody adds is found where it is. */
    @Test
    void readsWhatIsCommittedInTheSink() {
        goodRun();
        var row = bed.log().read(bed.topics().sink()).get(0);
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bed.bootstrap(),
                        ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                        "other"),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(bed.topics().sink(), 0, row.key(), row.value()));
            producer.flush();
            producer.abortTransaction();
            auditBroker(definition(), ExitCode.GOOD);

            producer.beginTransaction();
            producer.send(new ProducerRecord<>(bed.topics().sink(), 0, row.key(), row.value()));
            producer.commitTransaction();
        }
        JsonNode found = auditBroker(definition(), ExitCode.FOUND);
        assertThat(found.get("byKind").toString()).isEqualTo("{\"DOUBLE_ROW\":1}");
        assertThat(found.get("first").get(0).get("text").asString())
                .containsPattern(bed.topics().sink() + "-0@\\d+, the same as "
                        + bed.topics().sink() + "-\\d@\\d+");
    }

    @Test
    void auditsAPipelineWithAShuffle() {
        bed.pipeline.text(BuiltIn.count());
        PipelineDefinition pipeline = bed.pipeline.shuffled(bed.groupId(), bed.topics());
        bed.instance(pipeline.on("a", false)).start();
        Input input = bed.input();
        for (int i = 0; i < 2_000; i++) {
            // The same keys in all partitions.
            String key = "k" + i % 7;
            long time = input.time() - (i % 40 == 0 ? 12_000 : i % 900);
            input.send(i % PARTITIONS, key, time + " " + key + " " + i + " x");
            input.advance(20);
        }
        input.closeWindows();
        String merge = bed.groupId() + "-merge";
        try (LogReader log = new KafkaLogReader(bed.settings(), "look")) {
            long last = input.time() - LinesPipeline.GRACE.toMillis();
            await("the merge").atMost(Duration.ofSeconds(45)).until(() -> {
                var offsets = log.committed(merge, LinesPipeline.shuffleTopic(bed.groupId()));
                return offsets.size() == PARTITIONS
                        && offsets.values().stream()
                                .allMatch(offset ->
                                        CommitMetadata.parse(offset.metadata()).watermark() >= last);
            });
        }
        JsonNode good = auditBroker(pipeline, ExitCode.GOOD);
        assertThat(good.get("rows").asInt()).isEqualTo(bed.rows().size()).isGreaterThan(50);
        assertThat(good.get("lateRecords").asInt()).isPositive();
        explainSome(pipeline);

        bed.stopAll();
        var row = bed.log().read(bed.topics().sink()).get(0);
        TopicCopy copy = TopicCopy.of(bed);
        MemoryLog changed = copy.log();
        String group = bed.groupId();
        try (LogReader log = new KafkaLogReader(bed.settings(), "look")) {
            String shuffle = LinesPipeline.shuffleTopic(group);
            changed.topic(shuffle, PARTITIONS).commit(merge, shuffle, log.committed(merge, shuffle));
        }
        changed.records(bed.topics().sink(), row.partition()).remove(0);
        assertThat(audit(pipeline, changed, ExitCode.FOUND).get("byKind").toString())
                .isEqualTo("{\"MISSING_ROW\":1}");
    }

    /** Sessions that grow, with updates, with corrections, and with an instance that dies. */
    @Test
    void auditsRowsThatLeaveMoreThanOnce() {
        bed.pipeline
                .window(new WindowSpec(
                        new WindowKind.Sessions(Duration.ofSeconds(2)),
                        LinesPipeline.GRACE,
                        Duration.ofSeconds(4),
                        Emission.UPDATES))
                .checkpointAfter(Duration.ofMillis(300));
        Input input = bed.input();
        Instance first = bed.instance("a").start();
        write(input, 500, 60_000);
        bed.awaitProcessed();
        first.kill();
        bed.instance("a").start();
        write(input, 500, 60_000);
        input.closeWindows();
        bed.awaitProcessed();
        PipelineDefinition pipeline = definition();

        JsonNode good = auditBroker(pipeline, ExitCode.GOOD);
        assertThat(good.get("first")).isEmpty();
        assertThat(good.get("rows").asInt()).isEqualTo(bed.rows().size()).isGreaterThan(300);
        assertThat(good.get("lateRecords").asInt()).isPositive();
        TopicCopy copy = TopicCopy.of(bed);
        String sink = bed.topics().sink();
        int s = copy.log().records(sink, 0).size() > 10 ? 0 : 1;
        int l = copy.log().records(bed.topics().late(), 0).isEmpty() ? 1 : 0;
        Map<String, Consumer<MemoryLog>> changes = Map.of(
                "row missing", log -> log.records(sink, s).remove(5),
                "row twice",
                        log -> log.records(sink, s).add(log.records(sink, s).get(5)),
                "count one more", log -> AuditMutations.field(log, sink, s, 2, 1),
                "begins earlier", log -> AuditMutations.field(log, sink, s, 0, -1),
                "late record missing",
                        log -> log.records(bed.topics().late(), l).remove(0));
        changes.forEach((name, change) -> {
            MemoryLog changed = copy.log();
            change.accept(changed);
            assertThat(CommandRun.of(new Audit(), pipeline, changed, "--json").code())
                    .as(name)
                    .isEqualTo(ExitCode.FOUND);
        });
    }

    /** What a row counts is what is found for it, and what brought it is what Kafka's own classes read. */
    private void explainSome(PipelineDefinition pipeline) {
        var rows = bed.log().read(bed.topics().sink());
        List<OffsetCommit> commits = bed.log().read(OffsetCommit.TOPIC).stream()
                .map(OffsetCommit::of)
                .filter(Objects::nonNull)
                .toList();
        for (int i = 0; i < rows.size(); i += Math.max(1, rows.size() / 5)) {
            String[] fields = Log.text(rows.get(i).value()).split(" ");
            long start = Long.parseLong(fields[0]);
            CommandRun run = explain(pipeline, fields[1], start, "--json");
            JsonNode answer = run.json();
            assertThat(answer.get("verdict").asString()).as(run.text()).isEqualTo("EXPLAINED");
            assertThat(answer.get("isProven").asBoolean()).as(run.text()).isTrue();
            assertThat(answer.at("/given/0/events/count").asInt())
                    .as(run.text())
                    .isEqualTo(Integer.parseInt(fields[2]));
            assertThat(answer.at("/rows/0/offset").asLong())
                    .isEqualTo(rows.get(i).offset());

            JsonNode commit = answer.at("/rows/0/commit");
            assertThat(answer.get("noCommit").isNull()).as(run.text()).isTrue();
            OffsetCommit expected = commits.stream()
                    .filter(each -> each.group().equals(commit.get("group").asString())
                            && each.topic().equals(answer.at("/given/0/topic").asString())
                            && each.partition()
                                    == answer.at("/given/0/partition").asInt()
                            && CommitMetadata.parse(each.metadata()).watermark()
                                    >= start + LinesPipeline.SIZE.toMillis())
                    .findFirst()
                    .orElseThrow();
            String writer = CommitMetadata.parse(expected.metadata()).transactionalId();
            String instance = writer.split(":")[1];
            assertThat(List.of(
                            commit.get("offset").asLong(),
                            commit.get("time").asString(),
                            commit.get("transactionalId").asString(),
                            commit.get("instance").asString()))
                    .as(run.text())
                    .isEqualTo(List.of(
                            expected.offset(),
                            Instant.ofEpochMilli(expected.time()).toString(),
                            writer,
                            instance));
            assertThat(explain(pipeline, fields[1], start).text())
                    .contains("with offset " + expected.offset() + " of " + expected.topic() + "-"
                            + expected.partition() + ", by instance " + instance + ", lane 0");
        }
    }

    private CommandRun explain(PipelineDefinition pipeline, String key, long start, String... more) {
        return CommandRun.of(
                new Explain(),
                pipeline,
                new KafkaLogReader(bed.settings(), "explain"),
                Stream.concat(Stream.of("--key=" + key, "--window=" + Instant.ofEpochMilli(start)), Stream.of(more))
                        .toArray(String[]::new));
    }
}
