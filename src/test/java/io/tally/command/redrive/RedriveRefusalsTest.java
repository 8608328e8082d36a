package io.tally.command.redrive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tally.command.CommandRun;
import io.tally.command.MemoryLog;
import io.tally.command.MemoryPipeline;
import io.tally.command.audit.Audit;
import io.tally.command.explain.Explain;
import io.tally.command.frame.ExitCode;
import io.tally.command.frame.UsageException;
import io.tally.pipeline.log.LogException;
import io.tally.plan.PipelineDefinition;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** What redrive does not count, it says, and writes nothing of it. */
class RedriveRefusalsTest {
    private static final String SOURCE = "ip_count_source";
    private static final String SINK = "ip_count_sink";
    private static final String LATE = "ip_count_source-ip-count-late";
    private static final String DEAD = "ip_count_source-ip-count-dlt";
    private static final String P = "--tally.pipelines.ip-count.";
    private static final String KEYS = "key.verify=false; shuffle=never; ";

    private final MemoryLog log = new MemoryLog().topic(SOURCE, 2);
    private final MemoryWriter writer = new MemoryWriter(log);

    private static PipelineDefinition pipeline(String line) {
        return CommandRun.pipeline(Stream.of(line.split("; "))
                .filter(property -> !property.isEmpty())
                .map(property -> P + property)
                .toArray(String[]::new));
    }

    private void line(int partition, int second, String key) {
        String time = String.format("2026-01-01_00:%02d:%02d", second / 60, second % 60);
        log.add(SOURCE, partition, 0, key, time + " " + key);
    }

    private CommandRun run(PipelineDefinition pipeline, String... options) {
        List<String> all = new ArrayList<>(List.of(options));
        all.addAll(List.of("--overwrite", "--json", "--show-values"));
        return CommandRun.of(new Redrive(), pipeline, CommandRun.access(log, writer), all.toArray(String[]::new));
    }

    private JsonNode redrive(PipelineDefinition pipeline, String... options) {
        CommandRun run = run(pipeline, options);
        JsonNode json = run.json();
        assertThat(run.code()).isEqualTo(json.get("stops").isEmpty() ? ExitCode.GOOD : ExitCode.FOUND);
        return json;
    }

    private List<String> rows() {
        return Stream.concat(log.records(SINK, 0).stream(), log.records(SINK, 1).stream())
                .map(entry -> new String(entry.value(), StandardCharsets.UTF_8))
                .toList();
    }

    /** One row of two records, a late record of it, and one that makes a first row. */
    private PipelineDefinition late(String line) {
        line(0, 1, "a");
        line(0, 2, "a");
        line(0, 30, "b");
        line(0, 3, "a");
        line(0, 4, "c");
        line(0, 300, "b");
        PipelineDefinition pipeline = pipeline(KEYS + line);
        MemoryPipeline.runByKey(pipeline, log);
        return pipeline;
    }

    @Test
    void correctsALineAndWritesTheFirstOfAnother() {
        PipelineDefinition pipeline = late("window.size=5s");
        assertThat(rows()).containsExactlyInAnyOrder("2026-01-01_00:00:00 a 2", "2026-01-01_00:00:30 b 1");

        JsonNode dry = redrive(pipeline, "--dry-run");
        assertThat(dry.get("rows").asInt()).isEqualTo(2);
        assertThat(rows()).hasSize(2);
        assertThat(writer.transactions).isZero();
        JsonNode done = redrive(pipeline);
        assertThat(done.get("first")).isEqualTo(dry.get("first"));
        assertThat(done.get("firstRows").asInt()).isEqualTo(1);
        assertThat(rows())
                .containsExactlyInAnyOrder(
                        "2026-01-01_00:00:00 a 2",
                        "2026-01-01_00:00:30 b 1",
                        "2026-01-01_00:00:00 a 3",
                        "2026-01-01_00:00:00 c 1");

        String explained = CommandRun.of(new Explain(), pipeline, log, "--key=a", "--window=2026-01-01T00:00:00Z")
                .text();
        assertThat(explained)
                .contains("Redrive has corrected it 1 time")
                .contains("revision 2")
                .contains(LATE + "-0");
        assertThat(CommandRun.of(new Audit(), pipeline, log).text()).contains("No difference.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "window.type=session; window.size=; window.gap=5s | sessions or totals",
                "shuffle=always; key.verify=false | it has a shuffle",
                "idle-timeout=5s; window.type=hopping; window.size=10s; window.advance=5s | idle-timeout",
                "timestamp.zone=Europe/Berlin; sink.zone=Europe/Berlin | clocks go back",
                "sink.template={key} {count} | do not say their window",
            })
    void refusesWhatItCannotDoExactly(String line, String why) {
        assertThatThrownBy(() -> run(pipeline(line)))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("cannot be re-driven exactly")
                .hasMessageContaining(why);
    }

    @Test
    void asksForAWordWhereRowsHaveNoRevision() {
        PipelineDefinition pipeline = late("window.size=5s");

        assertThatThrownBy(() -> CommandRun.of(new Redrive(), pipeline, CommandRun.access(log, writer)))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("--overwrite");
        assertThat(writer.transactions).isZero();
    }

    @Test
    void stopsWhereTheRowInTheSinkIsAnother() {
        PipelineDefinition pipeline = late("window.size=5s");
        for (int partition = 0; partition < 2; partition++) {
            log.records(SINK, partition)
                    .replaceAll(entry -> new String(entry.value(), StandardCharsets.UTF_8).endsWith("a 2")
                            ? entry.withValue("2026-01-01_00:00:00 a 7".getBytes(StandardCharsets.UTF_8))
                            : entry);
        }

        JsonNode stop = redrive(pipeline).get("stops").get(0);
        assertThat(stop.get("kind").asString()).isEqualTo("REFUSED");
        assertThat(stop.get("source").asString()).isEqualTo(SOURCE + "-0@3");
        assertThat(stop.get("why").asString()).contains("is another by the source, of 2 records, than at " + SINK);
        assertThat(stop.get("data").asString()).contains("a 2").contains("a 7");
        assertThat(rows()).hasSize(2);
        assertThat(redrive(pipeline, "--skip-refused").get("firstRows").asInt()).isEqualTo(1);
        assertThat(rows()).hasSize(3).contains("2026-01-01_00:00:00 c 1");
        assertThat(log.records(LATE, 0))
                .as("the refused one is at the end again")
                .hasSize(3);
    }

    @Test
    void stopsWhereTheSourceNoLongerHasTheRow() {
        PipelineDefinition pipeline = late("window.size=5s");
        log.records(SOURCE, 0).remove(0);

        JsonNode stop = redrive(pipeline).get("stops").get(0);
        assertThat(stop.get("why").asString()).contains("of 1 records");
        assertThat(rows()).hasSize(2);
    }

    @Test
    void stopsWhereARowDoesNotShowThatItIsComplete() {
        PipelineDefinition pipeline = late(
                "window.size=5s; aggregates.count.type=last; aggregates.count.field=ip; window.allowed-lateness=1s");
        log.records(SOURCE, 0).remove(0);

        JsonNode stop = redrive(pipeline).get("stops").get(0);
        assertThat(stop.get("why").asString()).contains("cannot be shown to be complete");
        assertThat(rows()).hasSize(2);
    }

    @Test
    void stopsWhereLateRecordsAreDeleted() {
        PipelineDefinition pipeline = late("window.size=5s");
        log.records(LATE, 0).remove(0);

        JsonNode stop = redrive(pipeline).get("stops").get(0);
        assertThat(stop.get("why").asString()).contains("the topic " + LATE + " no longer holds");
        assertThat(rows()).hasSize(2);
    }

    @Test
    void stopsWhereAKeyIsInSeveralPartitions() {
        line(1, 1, "a");
        line(1, 300, "a");
        PipelineDefinition pipeline = late("window.size=5s; key.spread=warn");

        JsonNode stop = redrive(pipeline).get("stops").get(0);
        assertThat(stop.get("why").asString()).contains("in partitions 0 and 1 of the source");
    }

    @Test
    void waitsForWindowsThatAreOpenAndPassesWhatTheFilterLeavesOut() {
        line(0, 1, "a");
        log.add(SOURCE, 0, 0, "a", "2026-01-01_00:00:02x a");
        log.add(SOURCE, 0, 0, "f", "2026-01-01_00:00:02x f");
        log.add(SOURCE, 0, 0, "a", "nothing a");
        log.add(SOURCE, 0, 0, "a", "2026-01-01_00:05:01x a");
        line(0, 300, "b");
        String line = KEYS
                + "window.size=5s; sink.time-format=yyyy-MM-dd_HH:mm:ss; filter[0].field=ip; filter[0].op=ne; filter[0].value=f";
        MemoryPipeline.runByKey(pipeline(line), log);
        PipelineDefinition fixed = pipeline(line + "; timestamp.format=yyyy-MM-dd_HH:mm:ss['x']");
        assertThatThrownBy(() -> redrive(fixed))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("start the pipeline with the new configuration first");
        RedriveTest.restarted(log, fixed);

        JsonNode first = redrive(fixed);
        assertThat(first.get("sides").get(DEAD + "-0").get("counted").asInt())
                .as(first.toString())
                .isEqualTo(1);
        assertThat(first.get("sides").get(DEAD + "-0").get("passed").asInt()).isEqualTo(1);
        assertThat(first.get("stops").get(0).get("why").asString()).isEqualTo("BAD_TIMESTAMP");
        assertThat(rows()).containsExactly("2026-01-01_00:00:00 a 1", "2026-01-01_00:00:00 a 2");
        JsonNode second = redrive(fixed, "--skip-unreadable", "--topic=dead-letters");
        assertThat(second.get("stops").get(0).get("kind").asString()).isEqualTo("OPEN");
        assertThat(second.get("stops").get(0).get("why").asString()).contains("it needs 2026-01-01T00:05:05Z");
        assertThat(log.records(DEAD, 0)).hasSize(5);
    }

    @Test
    void saysThatASideTopicWasMadeAnew() {
        PipelineDefinition pipeline = late("window.size=5s");
        redrive(pipeline);
        log.records(LATE, 0).remove(1);

        assertThatThrownBy(() -> redrive(pipeline))
                .isInstanceOf(LogException.class)
                .hasMessageContaining("was re-driven up to 2")
                .hasMessageContaining("delete the group tally-ip-count-redrive");
    }
}
