package io.tally.kafka;

import java.util.List;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.ProducerFactory;

/** Whoever wants to know of the lanes' clients, such as the binders of client metrics. */
public record ClientListeners(
        List<ConsumerFactory.Listener<byte[], byte[]>> consumers,
        List<ProducerFactory.Listener<byte[], byte[]>> producers) {
    public static final ClientListeners NONE = new ClientListeners(List.of(), List.of());
}
