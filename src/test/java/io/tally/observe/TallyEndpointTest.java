package io.tally.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.pipeline.control.Elsewhere;
import io.tally.pipeline.control.KeyReport;
import io.tally.pipeline.control.KeyRow;
import io.tally.pipeline.control.LaneReport;
import io.tally.pipeline.control.Outcome;
import io.tally.pipeline.control.PartitionKey;
import io.tally.pipeline.control.PartitionReport;
import io.tally.pipeline.control.WatermarkOrder;
import io.tally.pipeline.status.SlowestSource;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TallyEndpointTest {
    private final AskedPipeline asked = new AskedPipeline();
    private final TallyEndpoint endpoint = new TallyEndpoint(
            () -> List.of(Views.pipeline(Views.lane(Views.refused(2), Views.active(0), Views.restoring(1)))),
            name -> name.equals("visits") ? asked : null,
            (pipeline, key, window, end) -> null,
            new TallyEndpointProperties(Show.ALWAYS, Set.of(), "http://{host}:8080/{instance}"),
            Clock.fixed(Views.NOW, ZoneOffset.UTC));

    @Test
    void showsPartitionsByNumber() {
        JsonNode partitions = json(endpoint.all()).at("/pipelines/0/partitions");

        assertThat(partitions.valueStream().map(node -> node.get("phase").asString()))
                .containsExactly("ACTIVE", "RESTORING", "REFUSED");
        assertThat(partitions.at("/1/restore").asString()).isEqualTo("replaying the source: offset 7 of 9");
        assertThat(partitions.at("/2/refusal/remedy").asString()).isEqualTo("restore the topic");
    }

    @Test
    void showsALedgerThatAddsUp() {
        JsonNode committed = json(endpoint.one("visits")).at("/partitions/0/committed");
        JsonNode ledger = committed.get("ledger");

        long sum = ledger.valueStream().mapToLong(JsonNode::asLong).sum();
        assertThat(committed.get("birthOffset").asLong() + sum)
                .isEqualTo(committed.get("offset").asLong());
        assertThat(committed.get("watermark").asString()).isEqualTo("1970-01-01T00:00:05Z");
        assertThat(committed.get("recoveryOffset").asLong()).isEqualTo(70);
        assertThat(committed.get("missingValues").asLong()).isEqualTo(8);
    }

    @Test
    void saysWhyWindowsAreStillOpen() {
        JsonNode waitsFor = json(endpoint.one("visits")).at("/partitions/0/committed/waitsFor");

        assertThat(waitsFor.toString())
                .isEqualTo("{\"sourcePartition\":0,\"watermark\":\"1970-01-01T00:00:05Z\",\"offset\":100,"
                        + "\"since\":\"2026-01-01T00:10:00Z\"}");
    }

    @Test
    void namesTheSourcePartitionThatHoldsAMergeBack() {
        JsonNode partitions = json(PipelineDescription.of(Views.pipeline(Views.lane(
                        Views.merging(0, new SlowestSource(3, 2_000L, 17L, 9_000L)),
                        Views.merging(1, new SlowestSource(2, null, null, null))))))
                .get("partitions");

        assertThat(partitions.at("/0/committed/waitsFor").toString())
                .isEqualTo("{\"sourcePartition\":3,\"watermark\":\"1970-01-01T00:00:02Z\",\"offset\":17,"
                        + "\"since\":\"1970-01-01T00:00:09Z\"}");
        assertThat(partitions.at("/1/committed/waitsFor").toString())
                .isEqualTo("{\"sourcePartition\":2,\"watermark\":null,\"offset\":null,\"since\":null}");
        assertThat(partitions.at("/0/committed/ledger/controlMarkers").isNull()).isTrue();
    }

    @Test
    void saysWhatLeavesInSeveralTransactions() {
        JsonNode partitions = json(PipelineDescription.of(
                        Views.pipeline(Views.lane(Views.closing(0), Views.active(1)))))
                .get("partitions");

        assertThat(partitions.at("/0/committed/closing").toString())
                .isEqualTo("{\"upTo\":\"1970-01-01T00:01:30Z\",\"windowsToClose\":2,\"rowsLeft\":1234}");
        assertThat(partitions.at("/1/committed/closing").isNull()).isTrue();
    }

    @Test
    void knowsNoOtherPipeline() {
        assertThat(endpoint.one("nothing")).isNull();
    }

    @Test
    void passesOperationsOn() {
        for (String operation : List.of("pause", "resume", "checkpoint")) {
            assertThat(operate(operation).getStatus()).isEqualTo(200);
        }
        assertThat(asked.calls).containsExactly("pause", "resume", "checkpoint");
    }

    @Test
    void showsWhatEachPartitionHasDone() {
        asked.answer = List.of(new LaneReport(
                0, Outcome.DONE, null, List.of(new PartitionReport(3, Outcome.DONE, null, 40L, 35L, 5_000L))));

        assertThat(json(operate("checkpoint").getBody()).toString())
                .isEqualTo("{\"pipeline\":\"visits\",\"operation\":\"checkpoint\",\"outcome\":\"DONE\",\"text\":null,"
                        + "\"pausedSince\":null,\"lanes\":[{\"lane\":0,\"outcome\":\"DONE\",\"text\":null,\"partitions\":["
                        + "{\"partition\":3,\"outcome\":\"DONE\",\"text\":null,\"offset\":40,\"recoveryOffset\":35,"
                        + "\"watermark\":\"1970-01-01T00:00:05Z\"}]}]}");
    }

    @ParameterizedTest
    @CsvSource({"DONE,200", "REFUSED,409", "FAILED,409", "BUSY,503", "RUNNING,503"})
    void hasTheHttpStatusOfTheWorstOutcome(Outcome outcome, int status) {
        asked.answer =
                List.of(new LaneReport(0, Outcome.DONE, null, List.of()), new LaneReport(1, outcome, "why", List.of()));

        assertThat(operate("checkpoint").getStatus()).isEqualTo(status);
        assertThat(json(operate("checkpoint").getBody()).get("outcome").asString())
                .isEqualTo(outcome.name());
    }

    @Test
    void saysWhyNobodyAnswers() {
        asked.answer = List.of();
        TallyEndpoint waiting = new TallyEndpoint(
                () -> List.of(Views.waiting("no usable answer")),
                name -> asked,
                (pipeline, key, window, end) -> null,
                new TallyEndpointProperties(Show.NEVER, Set.of(), null),
                Clock.systemUTC());

        WebEndpointResponse<OperationReport> answer = waiting.operate("visits", "checkpoint", null, null, null);

        assertThat(answer.getBody().text()).isEqualTo("no lane runs: no usable answer");
    }

    @Test
    void knowsNoOtherOperation() {
        assertThat(endpoint.operate("nothing", "pause", null, null, null).getStatus())
                .isEqualTo(404);
        WebEndpointResponse<OperationReport> answer = operate("explode");
        assertThat(answer.getStatus()).isEqualTo(400);
        assertThat(answer.getBody().text()).contains("pause, resume, checkpoint, watermark");
        assertThat(asked.calls).isEmpty();
    }

    @Test
    void setsWatermarksBack() {
        asked.answer = List.of(new LaneReport(
                0, Outcome.DONE, null, List.of(new PartitionReport(3, Outcome.DONE, "why", 4L, 4L, 5L))));
        setBack(null, "now", null);
        setBack(3, "2025-12-31T12:00:00+01:00", true);

        // The grace is 5 s.
        assertThat(asked.calls)
                .containsExactly(
                        new WatermarkOrder(null, Views.NOW.minusSeconds(5).toEpochMilli(), false).toString(),
                        new WatermarkOrder(
                                        3, Instant.parse("2025-12-31T11:00:00Z").toEpochMilli(), true)
                                .toString());
    }

    @Test
    void asksNobodyWhereToIsNotSaid() {
        assertThat(setBack(0, null, null).getStatus()).isEqualTo(400);
        assertThat(setBack(0, "yesterday", null).getBody().text()).contains("2026-03-01T10:00:00Z");
        assertThat(setBack(0, "2026-03-01T10:00:00", null).getStatus()).isEqualTo(400);
        assertThat(setBack(0, "+999999999-12-31T23:59:59Z", null).getStatus()).isEqualTo(400);
        assertThat(endpoint.operate("visits", "pause", 3, null, null).getStatus())
                .isEqualTo(400);
        assertThat(asked.calls).isEmpty();
    }

    @Test
    void saysThatAPartitionIsElsewhere() {
        WebEndpointResponse<OperationReport> answer = setBack(7, "now", null);

        assertThat(answer.getStatus()).isEqualTo(409);
        assertThat(answer.getBody().text()).isEqualTo("partition 7 is not at this instance");
    }

    @Test
    void showsTheRowsOfAKeyAsOfACommit() {
        KeyRow open = new KeyRow(0L, 5_000L, false, 0, "{\"count\":3}");
        asked.keyAnswer = new KeyReport(
                Outcome.DONE,
                null,
                List.of(new PartitionKey(3, 1, 40, 2_000L, List.of(open), false)),
                List.of(),
                "closed ones");

        assertThat(json(key("visits", "keys").getBody()).toString())
                .isEqualTo("{\"pipeline\":\"visits\",\"key\":\"k\",\"outcome\":\"DONE\",\"text\":null,\"partitions\":["
                        + "{\"partition\":3,\"lane\":1,\"offset\":40,\"watermark\":\"1970-01-01T00:00:02Z\",\"rows\":["
                        + "{\"start\":\"1970-01-01T00:00:00Z\",\"end\":\"1970-01-01T00:00:05Z\",\"closed\":false,"
                        + "\"revision\":0,\"row\":\"{\\\"count\\\":3}\"}],\"more\":false}],\"elsewhere\":[],"
                        + "\"gone\":\"closed ones\"}");
        assertThat(asked.calls).containsExactly("key k");
    }

    @Test
    void saysWhereAKeyMayBe() {
        asked.keyAnswer = new KeyReport(
                Outcome.DONE,
                "not here",
                List.of(),
                List.of(new Elsewhere("b", "10.0.0.3", List.of(1, 2)), new Elsewhere(null, null, List.of(4))));

        assertThat(json(key("visits", "keys").getBody()).get("elsewhere").toString())
                .isEqualTo(
                        "[{\"instance\":\"b\",\"host\":\"10.0.0.3\",\"address\":\"http://10.0.0.3:8080/b\","
                                + "\"partitions\":[1,2]},{\"instance\":null,\"host\":null,\"address\":null,\"partitions\":[4]}]");
    }

    @Test
    void findsKeysOfPipelinesOnly() {
        assertThat(key("nothing", "keys").getStatus()).isEqualTo(404);
        assertThat(key("visits", "values").getStatus()).isEqualTo(404);
        assertThat(asked.calls).isEmpty();
    }

    private WebEndpointResponse<KeyDescription> key(String pipeline, String what) {
        return endpoint.key(SecurityContext.NONE, pipeline, what, "k");
    }

    private WebEndpointResponse<OperationReport> setBack(
            @Nullable Integer partition, @Nullable String to, @Nullable Boolean close) {
        return endpoint.operate("visits", "watermark", partition, to, close);
    }

    private WebEndpointResponse<OperationReport> operate(String operation) {
        return endpoint.operate("visits", operation, null, null, null);
    }

    private static JsonNode json(Object value) {
        JsonMapper mapper = new JsonMapper();
        return mapper.readTree(mapper.writeValueAsString(value));
    }
}
