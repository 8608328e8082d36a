package io.tally.command.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.kafka.client.ClientSettings;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the clients are set to. */
class ClientLimitsTest {
    @Test
    void readsTheLimitsOfTheClients() {
        assertThat(ClientLimits.of(new ClientSettings(
                        Map.of("group.protocol", "CONSUMER"),
                        Map.of("max.request.size", "2000", "transaction.timeout.ms", 30_000),
                        Map.of(),
                        "a",
                        "b")))
                .isEqualTo(new ClientLimits(2_000, 30_000, "consumer"));
        assertThat(ClientLimits.of(new ClientSettings(Map.of(), Map.of(), Map.of(), "a", "b")))
                .isEqualTo(new ClientLimits(1_048_576, 60_000, "classic"));
    }
}
