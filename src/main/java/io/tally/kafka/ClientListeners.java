package io.tally.kafka;

import java.nio.ByteBuffer;
import java.util.List;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.ConsumerPostProcessor;
import org.springframework.kafka.core.ProducerFactory;
import org.springframework.kafka.core.ProducerPostProcessor;

/**
 * Whoever wants to know of the lanes' clients, such as the binders of client metrics, or to stand in front of them,
 * such as tracing or the injection of faults. A post-processor's client is wrapped by the lane's own, never the other
 * way.
 */
public record ClientListeners(
        List<ConsumerFactory.Listener<ByteBuffer, ByteBuffer>> consumers,
        List<ProducerFactory.Listener<byte[], byte[]>> producers,
        List<ConsumerPostProcessor<ByteBuffer, ByteBuffer>> consumerPostProcessors,
        List<ProducerPostProcessor<byte[], byte[]>> producerPostProcessors) {
    public static final ClientListeners NONE = new ClientListeners(List.of(), List.of());

    /** Listeners only. */
    public ClientListeners(
            List<ConsumerFactory.Listener<ByteBuffer, ByteBuffer>> consumers,
            List<ProducerFactory.Listener<byte[], byte[]>> producers) {
        this(consumers, producers, List.of(), List.of());
    }
}
