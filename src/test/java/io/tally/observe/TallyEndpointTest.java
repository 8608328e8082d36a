package io.tally.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.pipeline.status.SlowestSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TallyEndpointTest {
    private final TallyEndpoint endpoint = new TallyEndpoint(
            () -> List.of(Views.pipeline(Views.lane(Views.refused(2), Views.active(0), Views.restoring(1)))));

    @Test
    void showsPartitionsByNumber() {
        JsonNode partitions = json(endpoint.all()).at("/pipelines/0/partitions");

        assertThat(partitions.valueStream().map(node -> node.get("phase").asString()))
                .containsExactly("ACTIVE", "RESTORING", "REFUSED");
        assertThat(partitions.at("/1/restore").asString()).isEqualTo("reading 7 of 9 records");
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

    private static JsonNode json(Object value) {
        JsonMapper mapper = new JsonMapper();
        return mapper.readTree(mapper.writeValueAsString(value));
    }
}
