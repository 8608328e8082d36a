package io.tally.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.testkafka.LinesPipeline;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A transaction is ended only if it is of a lane that this very pipeline may take over. */
class TransactionalIdTest {
    private final KafkaPipeline pipeline =
            new LinesPipeline().lanes(2).build("orders", "host-1", new Topics("a", "b", "c", "d", "e"));

    @ParameterizedTest
    @CsvSource({
        "orders:host-2:0, true",
        "orders:host:11, true",
        "orders:host-1:2, true",
        "orders:host-1:1, false",
        "orders:host-1:0, false",
        "orders:eu:host-2:0, false",
        "orders-eu:host-2:0, false",
        "orders:host-2, false",
        "orders:host-2:x, false",
        "orders-tx-0, false",
        "x-orders:host-2:0, false"
    })
    void isForeign(String transactionalId, boolean foreign) {
        assertThat(pipeline.isForeign(transactionalId)).isEqualTo(foreign);
        assertThat(pipeline.transactionalId(1)).isEqualTo("orders:host-1:1");
    }
}
