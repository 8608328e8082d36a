package io.tally.command.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tally.command.CommandRun;
import io.tally.command.MemoryLog;
import io.tally.command.MemoryPipeline;
import io.tally.command.explain.Explain;
import io.tally.command.frame.ExitCode;
import io.tally.command.frame.UsageException;
import io.tally.command.redrive.Redrive;
import io.tally.pipeline.log.CommittedOffset;
import io.tally.pipeline.log.LogException;
import io.tally.pipeline.log.LogReader;
import io.tally.pipeline.log.OffsetRange;
import io.tally.plan.PipelineDefinition;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * The second reading agrees with the pipeline for every kind of window and row, and notices when one thing is
 * otherwise.
 */
class AuditTest {
    private static final String SOURCE = "ip_count_source";
    private static final String SINK = "ip_count_sink";
    private static final String P = "--tally.pipelines.ip-count.";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd_HH:mm:ss").withZone(ZoneOffset.UTC);
    private static final long START = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();

    private final MemoryLog log = new MemoryLog().topic(SOURCE, 2);

    /** Lines in two partitions, some of them late, some unreadable. */
    private void random(int records, long stepMillis) {
        Random random = new Random(11);
        for (int i = 0; i < records; i++) {
            long time = START + stepMillis * i;
            long back = random.nextInt(20) == 0 ? random.nextInt(60_000) : random.nextInt(3_000);
            int partition = random.nextInt(2);
            String ip = "10." + partition + ".0." + random.nextInt(20);
            log.add(SOURCE, partition, time, ip, TIME.format(Instant.ofEpochMilli(time - back)) + " " + ip);
            if (i % 50 == 0) {
                log.add(SOURCE, partition, time, "x", i % 100 == 0 ? "no-time x" : null);
            }
        }
    }

    private static String[] properties(String line) {
        return List.of(line.split("; ")).stream().map(property -> P + property).toArray(String[]::new);
    }

    private JsonNode audit(PipelineDefinition pipeline, String... options) {
        String[] all = List.of(options).toArray(new String[options.length + 1]);
        all[options.length] = "--json";
        CommandRun run = CommandRun.of(new Audit(), pipeline, log, all);
        JsonNode json = run.json();
        assertThat(run.code()).isEqualTo(json.get("differences").asLong() == 0 ? ExitCode.GOOD : ExitCode.FOUND);
        return json;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "window.size=5s",
                "window.size=7s; window.offset=2s; window.grace=0s",
                "window.type=hopping; window.size=10s; window.advance=2s",
                "window.type=cumulative; window.size=60s; window.advance=10s; sink.template={end} {key} {count}",
                "window.type=calendar; window.size=; window.unit=hour; window.zone=Europe/Berlin; sink.time-format=iso",
                "sink.format=json; sink.template=; sink.time-format=",
                "window.type=cumulative; window.size=60s; window.advance=10s; sink.key=window-and-key",
                "sink.template=<{count}|{key}|{end}>; sink.time-format=yyyy-MM-dd HH:mm:ss",
                "sink.template={key} since {start} {count}; sink.time-format=epoch-seconds",
                "source.split=lines; key.verify=false; shuffle=never",
                "filter[0].field=ip; filter[0].op=ne; filter[0].value=10.0.0.7"
            })
    void agreesWithThePipeline(String line) {
        random(4_000, line.contains("calendar") ? 5_000 : 200);
        PipelineDefinition pipeline = CommandRun.pipeline(properties(line));
        MemoryPipeline.run(pipeline, log);

        JsonNode found = audit(pipeline);
        assertThat(found.get("first")).isEmpty();
        assertThat(found.get("rows").asInt())
                .isEqualTo(log.records(SINK, 0).size() + log.records(SINK, 1).size())
                .isGreaterThan(30);
        assertThat(found.get("deadLetters").asInt()).isEqualTo(80);
        assertThat(found.get("lateRecords").asInt())
                .isEqualTo(log.records(pipeline.topics().late(), 0).size()
                        + log.records(pipeline.topics().late(), 1).size());
        assertThat(found.get("partitions").get("0").get("recounted"))
                .isEqualTo(found.get("partitions").get("0").get("committed"));

        // And it is not blind there: a row that is gone is missed, with where it came from.
        MemoryLog.Entry row = log.records(SINK, 1).remove(10);
        JsonNode less = audit(pipeline, "--show-values");
        assertThat(less.get("byKind").toString()).isEqualTo("{\"MISSING_ROW\":1}");
        JsonNode difference = less.get("first").get(0);
        assertThat(difference.get("data").asString())
                .contains(new String(row.value(), StandardCharsets.UTF_8).replace("\\", "\\\\"));
        assertThat(difference.get("text").asString()).containsPattern("\\d+ events?, ip_count_source-1@\\d+");
    }

    /** What does not fit is read in parts, and each difference is still found once. */
    @Test
    void readsInPartsWhatDoesNotFit() {
        random(4_000, 200);
        PipelineDefinition pipeline = CommandRun.pipeline();
        MemoryPipeline.run(pipeline, log);
        log.records(SINK, 0).remove(3);
        log.records(SINK, 1).add(log.records(SINK, 1).get(5));
        log.records(pipeline.topics().late(), 0).remove(1);
        log.records(pipeline.topics().deadLetter(), 1).remove(1);
        log.records(SINK, 0).add(log.records(SINK, 0).get(0).withValue("no row".getBytes(StandardCharsets.UTF_8)));
        JsonNode whole = audit(pipeline);

        JsonNode parts =
                CommandRun.of(new Audit(25_000), pipeline, log, "--json").json();

        assertThat(whole.get("readings").asInt()).isEqualTo(1);
        assertThat(parts.get("readings").asInt()).isGreaterThan(4);
        assertThat(whole.get("byKind").toString())
                .isEqualTo("{\"MISSING_ROW\":1,\"DOUBLE_ROW\":1,\"UNREADABLE_ROW\":1,\"MISSING_LATE\":1,"
                        + "\"MISSING_DEAD_LETTER\":1}");
        for (String same : List.of("byKind", "rows", "lateRecords", "deadLetters", "partitions")) {
            assertThat(parts.get(same)).as(same).isEqualTo(whole.get(same));
        }
    }

    @Test
    void comparesTheRangeAlone() {
        random(4_000, 200);
        PipelineDefinition pipeline = CommandRun.pipeline();
        MemoryPipeline.run(pipeline, log);
        String[] range = {"--from=2026-01-01T00:05:00Z", "--to=2026-01-01T00:06:00Z"};
        JsonNode good = audit(pipeline, range);
        assertThat(good.get("first")).isEmpty();
        assertThat(good.get("rows").asInt()).isBetween(100, 12 * 40);
        assertThat(good.get("notes").toString()).doesNotContain("nothing to compare");
        assertThat(audit(pipeline, "--from=2027-01-01").get("notes").toString()).contains("nothing to compare");
        assertThat(good.get("partitions").get("0").get("from").asInt())
                .as("does not read what is before")
                .isGreaterThan(500);

        log.records(SINK, 0).removeIf(entry -> text(entry).startsWith("2026-01-01_00:04:55"));
        assertThat(audit(pipeline, range).get("first")).isEmpty();
        log.records(SINK, 0).removeIf(entry -> text(entry).startsWith("2026-01-01_00:05:55"));
        assertThat(audit(pipeline, range).get("byKind").propertyNames()).containsExactly("MISSING_ROW");
    }

    private static String text(MemoryLog.Entry entry) {
        return new String(entry.value(), StandardCharsets.UTF_8);
    }

    /** Retention removes the beginning of each source; what is still there can be audited. */
    @Test
    void auditsASourceThatHasLostItsBeginning() {
        random(4_000, 200);
        PipelineDefinition pipeline = CommandRun.pipeline();
        MemoryPipeline.run(pipeline, log);
        for (int partition = 0; partition < 2; partition++) {
            log.records(SOURCE, partition).removeIf(entry -> entry.offset() < 700);
        }
        assertThatThrownBy(() -> audit(pipeline))
                .isInstanceOf(LogException.class)
                .hasMessageContaining("begins at offset 700, but the pipeline began at 0")
                .hasMessageContaining("--from=TIME");
        JsonNode found = audit(pipeline, "--from=2026-01-01T00:08:00Z");
        assertThat(found.get("first")).isEmpty();
        assertThat(found.get("rows").asInt()).isGreaterThan(1_000);
        assertThat(found.get("notes").get(0).asString()).startsWith("exact if no record before");
    }

    /** A pipeline at work goes on while it is looked at. */
    @Test
    void refusesASourceThatEndsBeforeWhatWasRead() {
        random(200, 200);
        PipelineDefinition pipeline = CommandRun.pipeline();
        MemoryPipeline.run(pipeline, log);
        log.topic(SOURCE, 2);

        assertThatThrownBy(() -> audit(pipeline))
                .isInstanceOf(LogException.class)
                .hasMessageContaining("ip_count_source-0 ends at offset 0, but the pipeline has read up to ");
        assertThatThrownBy(() -> CommandRun.of(new Redrive(), pipeline, log, "--dry-run"))
                .isInstanceOf(LogException.class)
                .hasMessageContaining("Was the topic made anew");
        assertThatThrownBy(
                        () -> CommandRun.of(new Explain(), pipeline, log, "--key=a", "--window=2026-01-01T00:00:00Z"))
                .isInstanceOf(LogException.class)
                .hasMessageContaining("Was the topic made anew");
    }

    /**
     * A topic that is gone, or has a partition that nobody has read, must not look like wrong rows, nor like right
     * ones.
     */
    @Test
    void saysWhatIsMissing() {
        random(200, 200);
        PipelineDefinition pipeline = CommandRun.pipeline();
        MemoryPipeline.run(pipeline, log);
        SortedMap<Integer, CommittedOffset> committed = new TreeMap<>(log.committed("tally-ip-count", SOURCE));
        log.topic(SINK, 2).topic("ip_count_source-ip-count-late", 0);
        committed.remove(1);
        log.commit("tally-ip-count", SOURCE, committed);

        assertThat(audit(pipeline).get("notes").toString())
                .contains(
                        "has committed nothing for ip_count_source-1, which has records",
                        "the topic ip_count_source-ip-count-late does not exist");
        log.topic(SINK, 0);
        assertThatThrownBy(() -> audit(pipeline))
                .isInstanceOf(LogException.class)
                .hasMessageContaining("The sink topic ip_count_sink does not exist");
    }

    @Test
    void comparesWhatHadClosedWhenItBegan() {
        random(4_000, 200);
        PipelineDefinition pipeline = CommandRun.pipeline();
        MemoryPipeline.run(pipeline, log);
        var committed = log.committed(pipeline.groupId(), SOURCE);
        List<OffsetRange> before = List.of(log.range(SINK, 0), log.range(SINK, 1));
        for (int i = 0; i < 100; i++) {
            long time = START + 900_000 + 1_000L * i;
            log.add(SOURCE, i % 2, time, "k" + i % 2, TIME.format(Instant.ofEpochMilli(time)) + " k" + i % 2);
        }
        MemoryPipeline.run(pipeline, log);
        log.commit(pipeline.groupId(), SOURCE, committed);

        CommandRun run = CommandRun.of(new Audit(), pipeline, new Growing(log, before), "--json");
        assertThat(run.json().get("first")).isEmpty();
        assertThat(run.json().get("rowsNotJudged").asInt()).isPositive();
        // Had they been there when it began, nobody could have written them.
        assertThat(audit(pipeline).get("byKind").propertyNames()).containsExactly("UNEXPECTED_ROW");
    }

    /** The next total of a key may have the same row, and compaction may have removed the row before. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void doesNotJudgeTotalsThatBeganAnewWhileItLooked(boolean isCompacted) {
        PipelineDefinition pipeline = CommandRun.pipeline(properties("window.type=none; window.ttl=5s; emit=final;"
                + " sink.format=json; sink.template=; sink.time-format=; key.verify=false; shuffle=never"));
        SortedMap<Integer, CommittedOffset> committed = new TreeMap<>();
        List<OffsetRange> before = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            if (i == 20) {
                MemoryPipeline.run(pipeline, log);
                committed.putAll(log.committed(pipeline.groupId(), SOURCE));
                before.addAll(List.of(log.range(SINK, 0), log.range(SINK, 1)));
            }
            int events = i % 10 == 5 || i > 30 ? 2 : 1;
            for (int event = 0; event < events; event++) {
                long time = START + 20_000L * i;
                log.add(SOURCE, 0, time, "k", TIME.format(Instant.ofEpochMilli(time)) + " k");
            }
        }
        MemoryPipeline.run(pipeline, log);
        log.commit(pipeline.groupId(), SOURCE, committed);
        if (isCompacted) {
            log.compact(SINK);
        }
        JsonNode found = CommandRun.of(new Audit(), pipeline, new Growing(log, before), "--json")
                .json();
        assertThat(found.get("first")).isEmpty();
        assertThat(found.get("rowsNotJudged").asInt()).isPositive();
    }

    /** Topics of which the sink is as it was until it is asked what is committed. */
    private static final class Growing implements LogReader {
        private final MemoryLog log;
        private final List<OffsetRange> before;
        private boolean hasGrown;

        Growing(MemoryLog log, List<OffsetRange> before) {
            this.log = log;
            this.before = before;
        }

        @Override
        public int partitions(String topic) {
            return log.partitions(topic);
        }

        @Override
        public OffsetRange range(String topic, int partition) {
            return topic.equals(SINK) && !hasGrown ? before.get(partition) : log.range(topic, partition);
        }

        @Override
        public OffsetRange settled(String topic, int partition) {
            return range(topic, partition);
        }

        @Override
        public long offsetAt(String topic, int partition, long time) {
            return log.offsetAt(topic, partition, time);
        }

        @Override
        public long read(String topic, int partition, OffsetRange range, Receiver receiver) {
            return log.read(topic, partition, range, receiver);
        }

        @Override
        public boolean isCompacted(String topic) {
            return log.isCompacted(topic);
        }

        @Override
        public SortedMap<Integer, CommittedOffset> committed(String group, String topic) {
            hasGrown = true;
            return log.committed(group, topic);
        }

        @Override
        public void close() {
            // There is nothing to close.
        }
    }

    @Test
    void hidesValuesUnlessAsked() {
        random(500, 200);
        PipelineDefinition pipeline = CommandRun.pipeline();
        MemoryPipeline.run(pipeline, log);
        log.records(SINK, 0).remove(0);

        assertThat(CommandRun.of(new Audit(), pipeline, log).text())
                .contains("MISSING_ROW window 2025-12-31T", "ip_count_source-0@", "rows that are missing")
                .doesNotContain("10.0.0.");
        assertThat(CommandRun.of(new Audit(), pipeline, log, "--show-values").text())
                .contains("key '10.0.0.", ", expected '20");
    }

    @Test
    void refusesAnotherConfigurationAndWhatWasNeverCommitted() {
        random(200, 200);
        log.topic(SINK, 2);
        PipelineDefinition pipeline = CommandRun.pipeline();
        assertThatThrownBy(() -> audit(pipeline))
                .isInstanceOf(LogException.class)
                .hasMessageContaining("has committed nothing for ip_count_source");
        MemoryPipeline.run(pipeline, log);
        for (String changed : List.of("window.grace=6s", "window.size=6s", "window.allowed-lateness=1s")) {
            PipelineDefinition other = CommandRun.pipeline(P + changed);
            assertThatThrownBy(() -> audit(other))
                    .as(changed)
                    .isInstanceOf(UsageException.class)
                    .hasMessageContaining("under another configuration");
            assertThatThrownBy(() -> CommandRun.of(new Redrive(), other, log, "--dry-run"))
                    .as(changed)
                    .isInstanceOf(UsageException.class)
                    .hasMessageContaining("under another configuration");
            assertThatThrownBy(
                            () -> CommandRun.of(new Explain(), other, log, "--key=a", "--window=2026-01-01T00:00:00Z"))
                    .as(changed)
                    .isInstanceOf(UsageException.class)
                    .hasMessageContaining("under another configuration");
        }
        assertThatThrownBy(() -> audit(pipeline, "--from=2026-01-02", "--to=2026-01-01"))
                .isInstanceOf(UsageException.class);
    }

    @Test
    void refusesAnotherWindowBehindAShuffle() {
        random(200, 200);
        MemoryPipeline.run(CommandRun.pipeline(P + "shuffle=always"), log);
        PipelineDefinition other = CommandRun.pipeline(P + "shuffle=always", P + "window.size=6s");
        assertThatThrownBy(() -> audit(other))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("under another configuration");
    }

    /** A time without a date says nothing of the day, so a row could be any day's. */
    @Test
    void refusesRowsThatDoNotSayTheirWindowExactly() {
        random(1_000, 200);
        PipelineDefinition pipeline = CommandRun.pipeline(P + "sink.time-format=HH:mm:ss");
        MemoryPipeline.run(pipeline, log);
        assertThatThrownBy(() -> audit(pipeline))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("window");
    }
}
