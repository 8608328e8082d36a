package io.tally.kafka.client;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.ConsumerPostProcessor;
import org.springframework.kafka.core.ProducerFactory;
import org.springframework.kafka.core.ProducerPostProcessor;

/**
 * Listeners of the lanes' clients, such as binders of client metrics, and post-processors that wrap these clients, such
 * as tracing or fault injection. The lane's own wrapper is always the outer one.
 *
 * @param restoreConsumers wraps the consumers that restore partitions
 * @param admin wraps the pipelines' admin clients
 */
public record ClientListeners(
        List<ConsumerFactory.Listener<ByteBuffer, ByteBuffer>> consumers,
        List<ProducerFactory.Listener<byte[], byte[]>> producers,
        List<ConsumerPostProcessor<ByteBuffer, ByteBuffer>> consumerPostProcessors,
        List<ProducerPostProcessor<byte[], byte[]>> producerPostProcessors,
        UnaryOperator<Consumer<ByteBuffer, ByteBuffer>> restoreConsumers,
        UnaryOperator<Admin> admin) {
    public static final ClientListeners NONE = new ClientListeners(List.of(), List.of());

    /** Listeners only. */
    public ClientListeners(
            List<ConsumerFactory.Listener<ByteBuffer, ByteBuffer>> consumers,
            List<ProducerFactory.Listener<byte[], byte[]>> producers) {
        this(consumers, producers, List.of(), List.of(), UnaryOperator.identity(), UnaryOperator.identity());
    }
}
