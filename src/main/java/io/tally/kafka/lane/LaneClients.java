package io.tally.kafka.lane;

import io.tally.kafka.client.ClientListeners;
import io.tally.kafka.client.ClientSettings;
import io.tally.kafka.client.GroupProtocol;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;

/** The consumers of a lane: the container's, and one for each attempt to restore. */
final class LaneClients {
    /** Few enough to stay in the processor's cache, and not too few, whatever the lanes poll. */
    private static final int RESTORE_POLL_RECORDS = 2_000;
    /** A fetch at the end of one partition would hold up the first fetch of the next for that long. */
    private static final int RESTORE_FETCH_WAIT_MILLIS = 10;

    private final LaneId lane;
    private final ClientSettings settings;
    private final ClientListeners listeners;

    LaneClients(LaneId lane, ClientSettings settings, ClientListeners listeners) {
        this.lane = lane;
        this.settings = settings;
        this.listeners = listeners;
    }

    /** What all of the lane's clients are called, and its threads. */
    String clientId() {
        return "tally-" + lane.pipelineName() + "-" + lane.number();
    }

    /**
     * Makes the container's consumer.
     *
     * @param pollRecords the most that a poll delivers
     * @param guard puts the lane in front of it
     */
    DefaultKafkaConsumerFactory<ByteBuffer, ByteBuffer> consumers(
            int pollRecords, UnaryOperator<Consumer<ByteBuffer, ByteBuffer>> guard) {
        Map<String, Object> configuration = new HashMap<>(settings.consumer());
        configuration.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, pollRecords);
        configuration.put(ConsumerConfig.GROUP_ID_CONFIG, lane.pipeline().groupId());
        configuration.put(ConsumerConfig.CLIENT_ID_CONFIG, clientId());
        // Static membership is for the classic protocol: under the new one a restarted member waits for its old self.
        if (GroupProtocol.of(configuration) == GroupProtocol.CLASSIC) {
            configuration.put(
                    ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, lane.pipeline().groupInstanceId(lane.number()));
        }
        DefaultKafkaConsumerFactory<ByteBuffer, ByteBuffer> factory = new DefaultKafkaConsumerFactory<>(configuration);
        listeners.consumerPostProcessors().forEach(factory::addPostProcessor);
        factory.addPostProcessor(guard::apply);
        listeners.consumers().forEach(factory::addListener);
        return factory;
    }

    /** Knows the group to read its offsets, but never joins it. */
    Consumer<ByteBuffer, ByteBuffer> restoreConsumer() {
        Map<String, Object> configuration = new HashMap<>(settings.consumer());
        configuration.put(ConsumerConfig.GROUP_ID_CONFIG, lane.pipeline().groupId());
        configuration.put(ConsumerConfig.CLIENT_ID_CONFIG, clientId() + "-restore");
        configuration.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, RESTORE_POLL_RECORDS);
        configuration.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, RESTORE_FETCH_WAIT_MILLIS);
        configuration.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 1);
        return listeners.restoreConsumers().apply(new KafkaConsumer<>(configuration));
    }
}
