package io.tally.observe;

import static org.assertj.core.api.Assertions.assertThat;

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
