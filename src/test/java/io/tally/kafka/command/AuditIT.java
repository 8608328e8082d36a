package io.tally.kafka.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tally.aggregate.exact.BuiltIn;
import io.tally.checkpoint.CommitMetadata;
import io.tally.checkpoint.Ledger;
import io.tally.command.CommandRun;
import io.tally.command.MemoryLog;
import io.tally.command.MemoryLog.Entry;
import io.tally.command.audit.Audit;
import io.tally.command.explain.Explain;
import io.tally.command.frame.ExitCode;
import io.tally.kafka.log.KafkaLogReader;
import io.tally.kafka.transaction.SideRecords;
import io.tally.pipeline.log.CommittedOffset;
import io.tally.pipeline.log.LogReader;
import io.tally.pipeline.log.OffsetRange;
import io.tally.plan.PipelineDefinition;
import io.tally.testkafka.Input;
import io.tally.testkafka.Instance;
import io.tally.testkafka.LinesPipeline;
import io.tally.testkafka.TestBed;
import io.tally.window.Emission;
import io.tally.window.WindowKind;
import io.tally.window.WindowSpec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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

        Copy copy = copy();
        assertThat(audit(pipeline, copy.log(), ExitCode.GOOD)).isEqualTo(good);
        SoftAssertions all = new SoftAssertions();
        mutations(copy).forEach((name, mutation) -> {
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
        Copy copy = copy();
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
        Copy copy = copy();
        String sink = bed.topics().sink();
        int s = copy.log().records(sink, 0).size() > 10 ? 0 : 1;
        int l = copy.log().records(bed.topics().late(), 0).isEmpty() ? 1 : 0;
        Map<String, Consumer<MemoryLog>> changes = Map.of(
                "row missing", log -> log.records(sink, s).remove(5),
                "row twice",
                        log -> log.records(sink, s).add(log.records(sink, s).get(5)),
                "count one more", log -> field(log, sink, s, 2, 1),
                "begins earlier", log -> field(log, sink, s, 0, -1),
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

    /** What a row counts is what is found for it. */
    private void explainSome(PipelineDefinition pipeline) {
        var rows = bed.log().read(bed.topics().sink());
        for (int i = 0; i < rows.size(); i += Math.max(1, rows.size() / 5)) {
            String[] fields = text(rows.get(i).value()).split(" ");
            CommandRun run = CommandRun.of(
                    new Explain(),
                    pipeline,
                    new KafkaLogReader(bed.settings(), "explain"),
                    "--key=" + fields[1],
                    "--window=" + Instant.ofEpochMilli(Long.parseLong(fields[0])),
                    "--json");
            assertThat(run.json().get("verdict").asString()).as(run.text()).isEqualTo("EXPLAINED");
            assertThat(run.json().get("isProven").asBoolean()).as(run.text()).isTrue();
            assertThat(run.json().at("/given/0/events/count").asInt())
                    .as(run.text())
                    .isEqualTo(Integer.parseInt(fields[2]));
            assertThat(run.json().at("/rows/0/offset").asLong())
                    .isEqualTo(rows.get(i).offset());
        }
    }

    /** A change, and what is found of it. */
    private record Mutation(String found, Consumer<MemoryLog> change) {}

    private Map<String, Mutation> mutations(Copy copy) {
        String sink = bed.topics().sink();
        String late = bed.topics().late();
        String dead = bed.topics().deadLetter();
        String source = bed.topics().source();
        // A partition of the sink that has rows, a row in the middle of it, and its source partition.
        int s = copy.log().records(sink, 0).size() > 10 ? 0 : 1;
        int p = text(copy.log().records(sink, s).get(5).key()).charAt(1) - '0';
        int l = copy.log().records(late, 0).isEmpty() ? 1 : 0;
        Map<String, Mutation> all = new LinkedHashMap<>();
        all.put("row missing", found("MISSING_ROW", log -> log.records(sink, s).remove(5)));
        all.put(
                "row twice",
                found(
                        "DOUBLE_ROW",
                        log -> log.records(sink, s).add(log.records(sink, s).get(5))));
        all.put("count one more", found("WRONG_ROW", log -> field(log, sink, s, 2, 1)));
        all.put("count one less", found("WRONG_ROW", log -> field(log, sink, s, 2, -1)));
        all.put("sum one more", found("WRONG_ROW", log -> field(log, sink, s, 3, 1)));
        all.put(
                "other text",
                found(
                        "WRONG_ROW",
                        log -> change(
                                log,
                                sink,
                                s,
                                5,
                                row -> row.withValue(bytes(text(row.value()).replaceFirst("\\S+$", "another"))))));
        all.put(
                "other record key",
                new Mutation(
                        "{\"MISSING_ROW\":1,\"UNEXPECTED_ROW\":1}",
                        log -> change(log, sink, s, 5, row -> row.withKey(bytes("p" + p + "-other")))));
        all.put(
                "window of before",
                new Mutation("{\"MISSING_ROW\":1,\"UNEXPECTED_ROW\":1}", log -> field(log, sink, s, 0, -3_600_000)));
        all.put(
                "no window begins then",
                new Mutation("{\"MISSING_ROW\":1,\"UNREADABLE_ROW\":1}", log -> field(log, sink, s, 0, 1)));
        all.put(
                "row without records",
                found(
                        "UNEXPECTED_ROW",
                        log -> log.records(sink, s)
                                .add(log.records(sink, s).get(5).withKey(bytes("p0-nobody")))));
        all.put(
                "no row at all",
                found(
                        "UNREADABLE_ROW",
                        log -> log.records(sink, s)
                                .add(log.records(sink, s).get(5).withValue(bytes("something else")))));
        all.put(
                "late record missing",
                found("MISSING_LATE", log -> log.records(late, l).remove(0)));
        all.put(
                "late record twice",
                found(
                        "DOUBLE_LATE",
                        log -> log.records(late, l).add(log.records(late, l).get(0))));
        all.put(
                "late record with another value",
                found("WRONG_LATE", log -> change(log, late, l, 0, entry -> entry.withValue(bytes("x")))));
        all.put(
                "late record with another watermark",
                found("WRONG_LATE", log -> header(log, late, l, SideRecords.WATERMARK, bytes("2026-01-01T00:00:00Z"))));
        all.put("late record that was on time", new Mutation("{\"UNEXPECTED_LATE\":1}", log -> {
            log.records(late, l).add(log.records(late, l).get(0));
            header(log, late, l, SideRecords.ORIGINAL_OFFSET, offset(0));
        }));
        all.put(
                "dead letter missing",
                found("MISSING_DEAD_LETTER", log -> log.records(dead, 0).remove(0)));
        all.put(
                "dead letter twice",
                found(
                        "DOUBLE_DEAD_LETTER",
                        log -> log.records(dead, 0).add(log.records(dead, 0).get(0))));
        all.put(
                "dead letter for another reason",
                found("WRONG_DEAD_LETTER", log -> header(log, dead, 0, SideRecords.REASON, bytes("BAD_KEY"))));
        all.put("dead letter of a sound record", found("UNEXPECTED_DEAD_LETTER", log -> {
            log.records(dead, 0).add(log.records(dead, 0).get(0));
            header(log, dead, 0, SideRecords.ORIGINAL_OFFSET, offset(0));
        }));
        all.put("record counted twice in the ledger", found("LEDGER", 2, log -> ledger(log, 1, 0)));
        all.put("record missing in the ledger", found("LEDGER", 2, log -> ledger(log, -1, 0)));
        all.put("late record in another class", found("LEDGER", 2, log -> ledger(log, 1, -1)));
        // The last record of the partition makes no row: only the ledger knows it.
        all.put(
                "record of an aborted transaction counted",
                found(
                        "LEDGER",
                        2,
                        log -> log.records(source, p)
                                .remove(log.records(source, p).size() - 1)));
        all.put("source record skipped", new Mutation("{\"WRONG_ROW\":1,\"LEDGER\":2}", log -> {
            // The pipeline did not count what is there, twice as it were.
            Entry counted =
                    first(log, source, p, text(log.records(sink, s).get(5).value()));
            log.records(source, p).add(log.records(source, p).indexOf(counted), counted);
        }));
        return all;
    }

    private static Mutation found(String kind, Consumer<MemoryLog> change) {
        return found(kind, 1, change);
    }

    private static Mutation found(String kind, int times, Consumer<MemoryLog> change) {
        return new Mutation("{\"" + kind + "\":" + times + "}", change);
    }

    private static void change(
            MemoryLog log, String topic, int partition, int index, java.util.function.UnaryOperator<Entry> change) {
        log.records(topic, partition)
                .set(index, change.apply(log.records(topic, partition).get(index)));
    }

    /** Adds to a number in a row: 0 for its start, 2 for the count, 3 for the sum. */
    private static void field(MemoryLog log, String sink, int partition, int field, long more) {
        change(log, sink, partition, 5, row -> {
            String[] fields = text(row.value()).split(" ");
            fields[field] = Long.toString(Long.parseLong(fields[field]) + more);
            return row.withValue(bytes(String.join(" ", fields)));
        });
    }

    /** Changes a header of a partition's last record. */
    private static void header(MemoryLog log, String topic, int partition, String name, byte[] value) {
        int last = log.records(topic, partition).size() - 1;
        change(log, topic, partition, last, entry -> {
            Map<String, byte[]> headers = new HashMap<>(entry.headers());
            headers.put(name, value);
            return new Entry(entry.offset(), entry.timestamp(), entry.key(), entry.value(), headers);
        });
    }

    private static byte[] offset(long offset) {
        return ByteBuffer.allocate(Long.BYTES).putLong(offset).array();
    }

    private static Entry first(MemoryLog log, String source, int partition, String row) {
        String[] fields = row.split(" ");
        long start = Long.parseLong(fields[0]);
        return log.records(source, partition).stream()
                .filter(entry -> entry.value() != null
                        && text(entry.value()).matches("\\d+ " + fields[1] + " .*")
                        && Math.floorDiv(Long.parseLong(text(entry.value()).split(" ")[0]), 5_000) * 5_000 == start)
                .findFirst()
                .orElseThrow();
    }

    private void ledger(MemoryLog log, int folded, int late) {
        String source = bed.topics().source();
        TreeMap<Integer, CommittedOffset> offsets = new TreeMap<>(log.committed(bed.groupId(), source));
        CommitMetadata was = CommitMetadata.parse(offsets.get(0).metadata());
        Ledger ledger = was.ledger();
        CommitMetadata other = new CommitMetadata(
                was.offset(),
                was.watermark(),
                was.recoveryOffset(),
                was.cutWatermark(),
                was.birthOffset(),
                new Ledger(ledger.folded() + folded, ledger.late() + late, ledger.deadLettered(), ledger.filtered()),
                was.storedEntries(),
                was.storedDigest(),
                was.fingerprint(),
                was.transactionalId());
        offsets.put(0, new CommittedOffset(was.offset(), other.format()));
        log.commit(bed.groupId(), source, offsets);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** All topics as they are on the broker; each {@link #log} is a copy of its own. */
    private record Copy(
            Map<String, List<List<Entry>>> topics,
            String group,
            String source,
            TreeMap<Integer, CommittedOffset> offsets) {
        MemoryLog log() {
            MemoryLog log = new MemoryLog();
            topics.forEach((topic, partitions) -> {
                log.topic(topic, partitions.size());
                for (int partition = 0; partition < partitions.size(); partition++) {
                    log.records(topic, partition).addAll(partitions.get(partition));
                }
            });
            return log.commit(group, source, offsets);
        }
    }

    private Copy copy() {
        Map<String, List<List<Entry>>> topics = new HashMap<>();
        try (LogReader log = new KafkaLogReader(bed.settings(), "copy")) {
            Stream.of(
                            bed.topics().source(),
                            bed.topics().sink(),
                            bed.topics().late(),
                            bed.topics().deadLetter())
                    .forEach(topic -> topics.put(topic, copy(log, topic)));
            return new Copy(
                    topics,
                    bed.groupId(),
                    bed.topics().source(),
                    new TreeMap<>(log.committed(bed.groupId(), bed.topics().source())));
        }
    }

    private static List<List<Entry>> copy(LogReader log, String topic) {
        List<List<Entry>> partitions = new ArrayList<>();
        int count = log.partitions(topic);
        for (int partition = 0; partition < count; partition++) {
            List<Entry> entries = new ArrayList<>();
            OffsetRange range = log.range(topic, partition);
            log.read(topic, partition, range, record -> {
                Map<String, byte[]> headers = new HashMap<>();
                record.headers((name, value) -> headers.put(name, value));
                entries.add(new Entry(
                        record.offset(),
                        record.timestamp(),
                        record.key() == null ? null : record.key().copy(),
                        record.value() == null ? null : record.value().copy(),
                        headers));
                return true;
            });
            partitions.add(entries);
        }
        return partitions;
    }
}
