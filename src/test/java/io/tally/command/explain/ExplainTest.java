package io.tally.command.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tally.command.CommandRun;
import io.tally.command.MemoryLog;
import io.tally.command.MemoryPipeline;
import io.tally.command.explain.LineModel.Place;
import io.tally.command.explain.LineModel.Windows;
import io.tally.command.frame.ExitCode;
import io.tally.command.frame.UsageException;
import io.tally.pipeline.log.LogException;
import io.tally.plan.PipelineDefinition;
import io.tally.testkafka.OffsetCommit;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What is said of a row is what the plainest reading of the whole log says, though little of it is read. */
class ExplainTest {
    private static final String SOURCE = "ip_count_source";
    private static final String SINK = "ip_count_sink";
    private static final String P = "--tally.pipelines.ip-count.";
    private static final long GRACE = 5_000;

    private final MemoryLog log = new MemoryLog().topic(SOURCE, 3).topic(OffsetCommit.TOPIC, 4);
    private final ReadLog read = new ReadLog(log);

    private static PipelineDefinition pipeline(String line) {
        return CommandRun.pipeline(
                line.isEmpty()
                        ? new String[0]
                        : List.of(line.split("; ")).stream()
                                .map(property -> P + property)
                                .toArray(String[]::new));
    }

    private CommandRun run(PipelineDefinition pipeline, Place place, String... more) {
        List<String> options = new ArrayList<>(List.of(
                "--key=" + place.key(),
                "--window=" + Instant.ofEpochMilli(place.start()),
                "--end=" + Instant.ofEpochMilli(place.end()),
                "--records=10000"));
        options.addAll(List.of(more));
        return CommandRun.of(new Explain(), pipeline, read, options.toArray(String[]::new));
    }

    private JsonNode explain(PipelineDefinition pipeline, Place place, String... more) {
        List<String> options = new ArrayList<>(List.of(more));
        options.add("--json");
        return run(pipeline, place, options.toArray(String[]::new)).json();
    }

    private static List<String> places(JsonNode events) {
        assertThat(events.get("count").asInt())
                .isEqualTo(events.get("first").size() + events.get("last").size());
        return StreamSupport.stream(events.get("first").spliterator(), false)
                .map(event -> event.get("partition").asInt() + "@"
                        + event.get("offset").asLong())
                .toList();
    }

    private static List<String> counted(JsonNode answer) {
        List<String> all = new ArrayList<>();
        answer.get("given").forEach(given -> all.addAll(places(given.get("events"))));
        return all;
    }

    private static String verdict(JsonNode answer) {
        return answer.get("verdict").asString();
    }

    /** Some of the places, always the same ones. */
    private static List<Place> some(LineModel model, int number, Random random) {
        List<Place> all = new ArrayList<>(model.rows.keySet());
        all.sort(Comparator.comparing(Place::start).thenComparing(Place::end).thenComparing(Place::key));
        Collections.shuffle(all, random);
        return all.subList(0, Math.min(number, all.size()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "window.size=5s",
                "window.size=5s; filter[0].field=ip; filter[0].op=ne; filter[0].value=10.1.0.7",
                "window.type=hopping; window.size=10s; window.advance=2s",
                "window.type=cumulative; window.size=60s; window.advance=10s; sink.template={end} {key} {count}",
                "window.type=cumulative; window.size=60s; window.advance=10s; sink.key=window-and-key",
                "window.size=5s; sink.format=json; sink.template=; sink.time-format=",
                "window.size=5s; window.allowed-lateness=20s",
                "window.size=5s; window.allowed-lateness=20s; sink.format=json; sink.template=; sink.time-format=",
                "window.type=hopping; window.size=10s; window.advance=2s; window.allowed-lateness=7s; emit=updates; emit-interval=0s",
                "window.size=5s; emit=updates; emit-interval=0s",
                "window.size=5s; max-rows-per-transaction=2",
                "window.type=hopping; window.size=10s; window.advance=2s; max-rows-per-transaction=1",
                "window.size=5s; window.allowed-lateness=20s; max-rows-per-transaction=1",
                "window.size=5s; window.allowed-lateness=20s; emit=updates; max-rows-per-transaction=2",
                "window.size=5s; key.verify=false; shuffle=never; key.spread=warn"
            })
    void saysOfEachRowWhatAPlainReadingSays(String line) {
        Random random = new Random(line.hashCode());
        LineModel.write(log, SOURCE, 20_000, 100, random);
        if (line.contains("shuffle=never")) {
            // Keys in several partitions: each has a row of its own.
            for (int i = 0; i < 3_000; i++) {
                long time = LineModel.START + 2_000_000 + 20L * i;
                log.add(SOURCE, i % 3, time, "k", LineModel.line(time, "everywhere"));
            }
        }
        PipelineDefinition pipeline = pipeline(line);
        MemoryPipeline.runByKey(pipeline, log);
        Windows windows = line.contains("hopping")
                ? new Windows(10_000, 2_000, false)
                : line.contains("cumulative") ? new Windows(60_000, 10_000, true) : new Windows(5_000, 5_000, false);
        assertThat(commitsInTheMidstOfAWindow()).isEqualTo(line.contains("max-rows"));
        long lateness = pipeline.spec().window().allowedLateness().toMillis();
        LineModel model =
                new LineModel(log, SOURCE, windows, GRACE, lateness, line.contains("filter") ? "10.1.0.7" : "");

        int explained = 0;
        for (Place place : some(model, 40, random)) {
            LineModel.Row row = model.rows.get(place);
            read.records = 0;
            JsonNode answer = explain(pipeline, place);
            String shown = place + " " + answer;
            assertThat(counted(answer)).as(shown).containsExactlyInAnyOrderElementsOf(row.counted());
            if (pipeline.spec().window().windowing().overlaps()) {
                // Those that later windows count are in no late topic.
                assertThat(row.late()).as(shown).containsAll(places(answer.get("late")));
            } else {
                assertThat(places(answer.get("late"))).as(shown).containsExactlyInAnyOrderElementsOf(row.late());
            }
            assertThat(places(answer.get("filtered"))).as(shown).containsExactlyInAnyOrderElementsOf(row.filtered());
            if (!row.counted().isEmpty() && !verdict(answer).equals("OPEN")) {
                assertThat(verdict(answer)).as(shown).isEqualTo("EXPLAINED");
                assertThat(answer.get("isProven").asBoolean()).as(shown).isTrue();
                explained++;
            } else if (row.counted().isEmpty()) {
                assertThat(verdict(answer)).as(shown).isEqualTo("NOT_COUNTED");
            }
            answer.get("rows").forEach(found -> {
                assertThat(found.get("isExpected").asBoolean()).as(shown).isTrue();
                assertThat(Instant.parse(found.at("/commit/time").asString()))
                        .as(shown)
                        .isEqualTo(Instant.parse(found.get("written").asString())
                                .plusMillis(MemoryPipeline.MILLIS_TO_COMMIT));
            });
            for (String dead : places(answer.get("deadLetters"))) {
                assertThat(model.deadLetters.get(place.key())).as(shown).contains(dead);
            }
            assertThat(read.records).as(shown).isLessThan(8_000);
        }
        assertThat(explained).isGreaterThan(20);
    }

    private boolean commitsInTheMidstOfAWindow() {
        return IntStream.range(0, log.partitions(OffsetCommit.TOPIC))
                .boxed()
                .flatMap(partition -> log.records(OffsetCommit.TOPIC, partition).stream())
                .anyMatch(commit -> LineModel.text(commit.value()).contains(" n="));
    }

    /**
     * A record from the far future closed everything: what the range alone would count was late, and is known to be.
     */
    @Test
    void findsWhatWasLateBecauseOfARecordFarBefore() {
        for (int i = 0; i < 20_000; i++) {
            long time = LineModel.START + 100L * i;
            log.add(SOURCE, 0, time, "k", LineModel.line(i == 3_000 ? time + 3_600_000 : time, "k"));
        }
        PipelineDefinition pipeline = pipeline("key.verify=false; shuffle=never; window.size=5s");
        MemoryPipeline.runByKey(pipeline, log);
        long start = LineModel.START + 1_000_000;

        JsonNode answer = explain(pipeline, new Place(start, start + 5_000, "k"));

        assertThat(verdict(answer)).isEqualTo("NOT_COUNTED");
        assertThat(answer.get("reasons").toString()).isEqualTo("[\"LATE\"]");
        assertThat(answer.get("late").get("count").asInt()).isEqualTo(50);
        assertThat(answer.get("late").get("first").get(0).get("why").asString())
                .isEqualTo("late: the watermark was 2026-01-01T01:04:55Z");
    }

    @Test
    void saysWhatTheSinkHasInsteadWithTheOffsets() {
        PipelineDefinition pipeline = pipeline("window.size=5s");
        LineModel.write(log, SOURCE, 5_000, 100, new Random(3));
        MemoryPipeline.runByKey(pipeline, log);
        MemoryLog.Entry row = log.records(SINK, 1).get(400);
        String[] fields = LineModel.text(row.value()).split(" ");
        long start = Instant.parse(fields[0].replace('_', 'T') + "Z").toEpochMilli();
        Place place = new Place(start, start + 5_000, fields[1]);
        CommandRun good = run(pipeline, place, "--show-values");
        assertThat(good.code()).isEqualTo(ExitCode.GOOD);
        assertThat(good.text()).contains("EXPLAINED", "ip_count_sink-1@" + row.offset(), "Proven: the row counts each");

        int wrong = Integer.parseInt(fields[2]) + 1;
        log.records(SINK, 1)
                .set(400, row.withValue((fields[0] + " " + fields[1] + " " + wrong).getBytes(StandardCharsets.UTF_8)));
        CommandRun other = run(pipeline, place, "--show-values");
        assertThat(other.code()).isEqualTo(ExitCode.FOUND);
        assertThat(other.text())
                .containsPattern("The source gives '" + LineModel.text(row.value()) + "' of " + fields[2]
                        + " counted, partition \\d offset \\d+.*\\. The sink has '" + fields[0] + " " + fields[1] + " "
                        + wrong + "' at ip_count_sink-1@" + row.offset())
                .contains("Proven: the source was read from where the pipeline began");
        assertThat(run(pipeline, place).text())
                .contains("The sink has another row at ip_count_sink-1@" + row.offset())
                .doesNotContain(fields[1]);

        log.records(SINK, 1).remove(400);
        JsonNode none = explain(pipeline, place);
        assertThat(verdict(none)).isEqualTo("DIFFERENT");
        assertThat(none.get("text").get(0).asString()).contains("The sink has no such row");

        log.records(SINK, 0).add(row);
        assertThat(verdict(explain(pipeline, place)))
                .as("a producer that puts keys elsewhere")
                .isEqualTo("EXPLAINED");
    }

    @Test
    void saysWhatAnOpenWindowWaitsFor() {
        PipelineDefinition pipeline = pipeline("window.size=5s");
        for (int i = 0; i < 100; i++) {
            long time = LineModel.START + 1_000L * i;
            log.add(SOURCE, 2, time, "k", LineModel.line(time, "k"));
        }
        MemoryPipeline.runByKey(pipeline, log);
        long start = LineModel.START + 95_000;
        JsonNode answer = explain(pipeline, new Place(start, start + 5_000, "k"));
        assertThat(verdict(answer)).isEqualTo("OPEN");
        assertThat(answer.get("text").toString())
                .contains("5 counted so far, and the watermark of ip_count_source-2 is 2026-01-01T00:01:34Z")
                .contains("it waits for an event time of 2026-01-01T00:01:45Z or later there, and there is none yet");

        log.add(SOURCE, 2, 0, "k", LineModel.line(start + 1_000, "k"));
        log.add(SOURCE, 2, 0, "k", LineModel.line(start + 11_000, "k"));
        JsonNode later = explain(pipeline, new Place(start, start + 5_000, "k"));
        assertThat(later.get("text").toString())
                .contains("one is at offset 101, and is not read yet (2 offsets not read)");
        assertThat(places(later.get("notRead"))).containsExactly("2@100");
        JsonNode next = explain(pipeline, new Place(start + 10_000, start + 15_000, "k"));
        assertThat(next.get("reasons").toString()).isEqualTo("[\"NOT_READ\"]");
    }

    @Test
    void saysWhyThereIsNoRow() {
        PipelineDefinition pipeline =
                pipeline("window.size=5s; filter[0].field=ip; filter[0].op=ne; filter[0].value=f");
        LineModel.write(log, SOURCE, 5_000, 100, new Random(3));
        long time = LineModel.START + 250_000;
        List<MemoryLog.Entry> before = List.copyOf(log.records(SOURCE, 0));
        log.topic(SOURCE, 3);
        int at = before.size() / 2;
        for (int i = 0; i < before.size(); i++) {
            MemoryLog.Entry entry = before.get(i);
            log.append(SOURCE, 0, entry.timestamp(), entry.key(), entry.value(), entry.headers());
            if (i == at) {
                log.add(SOURCE, 0, 0, "f", LineModel.line(time, "f"));
                log.add(SOURCE, 0, 0, "d", "no-time d");
                log.add(SOURCE, 0, 0, "other", LineModel.line(time, "q9"));
            }
        }
        MemoryPipeline.runByKey(pipeline, log);
        long start = Math.floorDiv(time, 5_000) * 5_000;
        for (String expected : List.of("f FILTERED", "d DEAD_LETTER", "q9 DEAD_LETTER", "nobody NO_RECORD")) {
            String key = expected.split(" ")[0];
            JsonNode answer = explain(pipeline, new Place(start, start + 5_000, key));
            assertThat(verdict(answer)).as(key).isEqualTo("NOT_COUNTED");
            assertThat(answer.get("reasons").toString()).isEqualTo("[\"" + expected.split(" ")[1] + "\"]");
        }
        assertThat(explain(pipeline, new Place(start, start + 5_000, "q9"))
                        .get("deadLetters")
                        .get("first")
                        .get(0)
                        .get("why")
                        .asString())
                .isEqualTo("KEY_MISMATCH");
        JsonNode future = explain(pipeline, new Place(start + 86_400_000, start + 86_405_000, "f"));
        assertThat(future.get("reasons").toString()).isEqualTo("[\"NO_RECORD\"]");
    }

    @Test
    void saysWhatIsDeleted() {
        PipelineDefinition pipeline = pipeline("window.size=5s");
        for (int i = 0; i < 5_000; i++) {
            long time = LineModel.START + 100L * i;
            log.add(SOURCE, 0, time, "k", LineModel.line(time, "k"));
        }
        MemoryPipeline.runByKey(pipeline, log);
        log.records(SOURCE, 0).removeIf(entry -> entry.offset() < 2_020);
        long start = LineModel.START + 200_000;
        JsonNode half = explain(pipeline, new Place(start, start + 5_000, "k"));
        assertThat(verdict(half)).isEqualTo("UNKNOWN");
        assertThat(half.get("text").get(0).asString()).contains("ip_count_source-0 begins at offset 2020");
        JsonNode whole = explain(pipeline, new Place(start + 5_000, start + 10_000, "k"));
        assertThat(verdict(whole)).isEqualTo("EXPLAINED");
        assertThat(whole.get("isProven").asBoolean()).isTrue();
        log.topic(SINK, 2);
        JsonNode gone = explain(pipeline, new Place(start - 50_000, start - 45_000, "k"));
        assertThat(gone.get("reasons").toString()).isEqualTo("[\"SOURCE_DELETED\"]");
    }

    /** A row without a count is the same with more records: that it is the same proves nothing. */
    @Test
    void doesNotTakeARowForAProofThatOtherRecordsLeaveUnchanged() {
        PipelineDefinition pipeline = pipeline("window.size=5s; sink.template={start} {key}");
        LineModel.write(log, SOURCE, 5_000, 100, new Random(3));
        MemoryPipeline.runByKey(pipeline, log);
        LineModel model = new LineModel(log, SOURCE, new Windows(5_000, 5_000, false), GRACE, 0, "");
        Place place = some(model, 50, new Random(2)).stream()
                .filter(each -> each.start() > LineModel.START + 200_000
                        && each.start() < LineModel.START + 400_000
                        && !model.rows.get(each).counted().isEmpty())
                .findFirst()
                .orElseThrow();

        JsonNode answer = explain(pipeline, place);
        assertThat(counted(answer))
                .containsExactlyElementsOf(model.rows.get(place).counted());
        assertThat(answer.get("isProven").asBoolean()).isFalse();
        assertThat(answer.get("proof").asString()).contains("it has no count");
        JsonNode whole = explain(pipeline, place, "--whole");
        assertThat(whole.get("isProven").asBoolean()).isTrue();
        assertThat(whole.get("proof").asString()).startsWith("the source was read from where");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "window.type=session; window.gap=5s -> borders of its sessions",
                "window.type=none; emit=updates -> borders of its sessions or totals",
                "sink.template={key} {count} -> do not say their window"
            })
    void refusesWhatItCannotExplainExactly(String line) {
        String[] parts = line.split(" -> ");
        PipelineDefinition pipeline = pipeline(parts[0]);
        assertThatThrownBy(() -> explain(pipeline, new Place(LineModel.START, LineModel.START + 5_000, "k")))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("The pipeline ip-count cannot be explained exactly: ")
                .hasMessageContaining(parts[1]);
    }

    @Test
    void refusesWhatIsNoWindowAndWhatWasNeverCommitted() {
        PipelineDefinition pipeline = pipeline("window.size=5s");
        Place place = new Place(LineModel.START, LineModel.START + 5_000, "k");
        assertThatThrownBy(() -> explain(pipeline, place))
                .isInstanceOf(LogException.class)
                .hasMessageContaining("has committed nothing for ip_count_source");
        assertThatThrownBy(() -> explain(pipeline, new Place(LineModel.START + 1, LineModel.START + 5_000, "k")))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("There is no window from 2026-01-01T00:00:00.001Z");
        assertThatThrownBy(
                        () -> CommandRun.of(new Explain(), pipeline, log, "--key=k", "--window=2026-01-01T00:00:01Z"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("No window begins at 2026-01-01T00:00:01Z. One that this time is in is from");
        assertThatThrownBy(() -> CommandRun.of(new Explain(), pipeline, log, "--key=k"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("--window is missing");
        PipelineDefinition cumulative = pipeline("window.type=cumulative; window.size=60s; window.advance=10s");
        assertThatThrownBy(() -> CommandRun.of(new Explain(), cumulative, log, "--key=k", "--window=2026-01-01"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("Several windows begin at 2026-01-01T00:00:00Z");
    }
}
