package io.tally.kafka.lane;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class GuardedConsumerTest {
    private static final TopicPartition PARTITION = new TopicPartition("source", 0);

    /** The container commits what it has left of a transaction that failed before it polls again. */
    @Test
    void offsetsAreNotCommittedOutsideOfTransactions() {
        MockConsumer<ByteBuffer, ByteBuffer> real = new MockConsumer<>("earliest");
        real.assign(List.of(PARTITION));
        Consumer<ByteBuffer, ByteBuffer> guarded = GuardedConsumer.wrap(real, new NoLane());
        Map<TopicPartition, OffsetAndMetadata> offsets = Map.of(PARTITION, new OffsetAndMetadata(5));
        guarded.commitSync(offsets, Duration.ofSeconds(1));
        guarded.commitSync(offsets);
        guarded.commitAsync(offsets, null);
        assertThat(real.committed(Set.of(PARTITION))).isEmpty();
        real.commitSync(offsets);
        assertThat(real.committed(Set.of(PARTITION))).isEqualTo(offsets);
    }

    private static final class NoLane implements GuardedConsumer.Guard {
        @Override
        public ConsumerRecords<ByteBuffer, ByteBuffer> poll(
                Consumer<ByteBuffer, ByteBuffer> consumer, Duration timeout) {
            return consumer.poll(timeout);
        }

        @Override
        public void close(Consumer<ByteBuffer, ByteBuffer> consumer) {
            consumer.close();
        }
    }
}
