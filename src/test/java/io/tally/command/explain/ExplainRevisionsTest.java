package io.tally.command.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.codec.key.Partitioner;
import io.tally.command.CommandRun;
import io.tally.command.MemoryLog;
import io.tally.command.MemoryPipeline;
import io.tally.command.explain.LineModel.Place;
import io.tally.plan.PipelineDefinition;
import io.tally.testkafka.OffsetCommit;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What is said of rows that leave more than once. */
class ExplainRevisionsTest {
    private static final String SOURCE = "ip_count_source";
    private static final String SINK = "ip_count_sink";

    private final MemoryLog log = new MemoryLog().topic(SOURCE, 3).topic(OffsetCommit.TOPIC, 4);

    private JsonNode explain(PipelineDefinition pipeline, Place place) {
        return CommandRun.of(
                        new Explain(),
                        pipeline,
                        log,
                        "--key=" + place.key(),
                        "--window=" + Instant.ofEpochMilli(place.start()),
                        "--json")
                .json();
    }

    private static String verdict(JsonNode answer) {
        return answer.get("verdict").asString();
    }

    /** The first record after the one that closed it is in the next revision, and so on. */
    @Test
    void saysHowARowCameToBeRevised() {
        PipelineDefinition pipeline = revised("window.allowed-lateness=60s");
        LineModel.write(log, SOURCE, 2_000, 100, new Random(1));
        int before = log.records(SOURCE, 1).size();
        Place place = revisedRow(1);
        MemoryPipeline.runByKey(pipeline, log);

        JsonNode answer = explain(pipeline, place);

        assertThat(verdict(answer)).isEqualTo("EXPLAINED");
        assertThat(revisions(answer, before)).containsExactly("1 of 2 to 1", "2 of 3 to 3", "3 of 4 to 4");
        assertThat(answer.get("closedBy").get(0).get("offset").asInt() - before).isEqualTo(2);
    }

    /** Compaction has removed the rows before the last. */
    @Test
    void saysWhatTheLastRowIsOfACompactedSink() {
        for (String line : List.of("window.allowed-lateness=60s", "window.allowed-lateness=60s; emit=updates")) {
            log.topic(SOURCE, 3).topic(OffsetCommit.TOPIC, 4);
            PipelineDefinition pipeline = revised("sink.key=window-and-key; " + line);
            Place place = revisedRow(1);
            for (int i = 0; i < 40; i++) {
                long time = LineModel.START + 1_000_000 + 5_000L * i;
                log.add(SOURCE, 1, time, "s", LineModel.line(time, "s"));
            }
            MemoryPipeline.runByKey(pipeline, log);
            log.compact(SINK);

            JsonNode answer = explain(pipeline, place);
            assertThat(verdict(answer)).as(line + answer).isEqualTo("EXPLAINED");
            assertThat(answer.get("rows").size()).isEqualTo(1);
            assertThat(answer.at("/rows/0/isExpected").asBoolean()).isTrue();
            assertThat(answer.at("/rows/0/events").asInt()).isEqualTo(4);
            assertThat(answer.at("/rows/0/commit").isNull()).isFalse();

            for (int partition = 0; partition < 2; partition++) {
                log.records(SINK, partition)
                        .replaceAll(row -> row.withValue(LineModel.text(row.value())
                                .replace("\"key\":\"r\",\"count\":4", "\"key\":\"r\",\"count\":5")
                                .getBytes(StandardCharsets.UTF_8)));
            }
            assertThat(verdict(explain(pipeline, place))).as(line).isEqualTo("DIFFERENT");
        }
    }

    /** An update has left, and the next one has not, so that no row has all that is counted. */
    @Test
    void doesNotTakeAnOldUpdateForAProof() {
        PipelineDefinition pipeline = revised("sink.key=window-and-key; emit=updates; emit-interval=1ms");
        LineModel.write(log, SOURCE, 2_000, 100, new Random(1));
        long time = LineModel.START + 4_000_000;
        int home = Partitioner.MURMUR2.partition(new byte[] {'r'}, 0, 1, 3);
        Place place = new Place(time, time + 5_000, "r");
        for (int second = 0; second < 4; second++) {
            log.add(SOURCE, home, time, "r", LineModel.line(time + 1_000 * second, "r"));
        }
        for (int i = 0; i < 100; i++) {
            log.add(SOURCE, home, time + 1_000 * i, "s", LineModel.line(time, "s"));
        }
        MemoryPipeline.run(pipeline, log, new Random(1));
        log.compact(SINK);
        JsonNode latest = explain(pipeline, place);
        assertThat(latest.at("/rows/0/events").asInt()).as(latest.toString()).isEqualTo(4);
        assertThat(latest.get("text").toString()).contains("The source gives what is in the sink");

        log.records(SINK, 0).replaceAll(ExplainRevisionsTest::earlier);
        log.records(SINK, 1).replaceAll(ExplainRevisionsTest::earlier);
        JsonNode old = explain(pipeline, place);
        assertThat(verdict(old)).isEqualTo("EXPLAINED");
        assertThat(old.get("text").toString()).contains("The window is open. 4 records are counted by now");
        assertThat(latest.get("isProven").asBoolean()).isTrue();
        assertThat(old.get("isProven").asBoolean()).isFalse();
    }

    private static MemoryLog.Entry earlier(MemoryLog.Entry row) {
        String text = LineModel.text(row.value()).replace("\"key\":\"r\",\"count\":4", "\"key\":\"r\",\"count\":3");
        return row.withValue(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Each partition has rows of its own, and which update is whose only its results could tell. */
    @Test
    void doesNotTakeRowsOfOtherPartitionsForDifferences() {
        PipelineDefinition pipeline = revised("emit=updates; emit-interval=50ms; key.spread=warn");
        for (int seed = 0; seed < 10; seed++) {
            log.topic(SOURCE, 3).topic(OffsetCommit.TOPIC, 4);
            Place place = revisedRow(1);
            revisedRow(2);
            MemoryPipeline.run(pipeline, log, new Random(seed));
            assertThat(verdict(explain(pipeline, place))).isIn("EXPLAINED", "UNKNOWN");
        }
    }

    private static PipelineDefinition revised(String line) {
        String all = "window.size=5s; sink.format=json; sink.template=; sink.time-format=; key.verify=false;"
                + " shuffle=never; " + line;
        return CommandRun.pipeline(Stream.of(all.split("; "))
                .map(property -> "--tally.pipelines.ip-count." + property)
                .toArray(String[]::new));
    }

    /** Lines of a row, some of which come when it has closed. */
    private Place revisedRow(int partition) {
        long time = LineModel.START + 400_000;
        for (long second : new long[] {0, 1, 20, 2, 3, 90}) {
            log.add(SOURCE, partition, time, "r", LineModel.line(time + 1_000 * second, "r"));
        }
        return new Place(time, time + 5_000, "r");
    }

    private static List<String> revisions(JsonNode answer, int before) {
        List<String> revisions = new ArrayList<>();
        answer.get("rows")
                .forEach(row -> revisions.add(row.get("revision").asInt() + " of "
                        + row.get("events").asInt() + " to "
                        + (row.get("last").get("offset").asInt() - before)));
        return revisions;
    }
}
