package io.tally.kafka;

import io.tally.kafka.client.ClientListeners;
import io.tally.kafka.client.ClientSettings;
import io.tally.kafka.lane.LaneContainer;
import io.tally.kafka.member.AccessPatience;
import io.tally.kafka.member.Pause;
import io.tally.kafka.topic.AdminSource;
import io.tally.kafka.topic.SideTopic;
import io.tally.kafka.topic.TopicLayout;
import io.tally.pipeline.status.PipelineEvents;
import io.tally.plan.KafkaPipeline;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.protocol.Errors;

/** Makes a lane and its clients, as a start does. They try to reach their broker for a moment, and end. */
public final class LaneRehearsal {
    /** Enough for some attempts to connect. */
    private static final int MOMENT_MILLIS = 500;

    private LaneRehearsal() {}

    /** Runs the lane; no broker may be where the settings say. */
    public static void run(KafkaPipeline pipeline, ClientSettings settings) {
        TopicLayout layout = new TopicLayout(
                "", 1, 1, false, false, new SideTopic("late", 1, 1_000_000), new SideTopic("dead", 1, 1_000_000));
        try (AdminSource admin = new AdminSource(() -> Admin.create(settings.admin()), System::nanoTime)) {
            LaneContainer lane = new LaneContainer(
                    pipeline,
                    pipeline.spec(),
                    0,
                    layout,
                    new Pause(),
                    AccessPatience.of(pipeline),
                    settings,
                    admin,
                    ClientListeners.NONE,
                    PipelineEvents.NONE);
            lane.start();
            try {
                ask(admin.get(), pipeline);
                initTransactions(settings);
            } finally {
                lane.stop();
                lane.awaitStopped();
            }
        }
    }

    /** What a start asks the broker; nobody waits for the answers. */
    private static void ask(Admin admin, KafkaPipeline pipeline) {
        String topic = pipeline.topics().source();
        TopicPartition partition = new TopicPartition(topic, 0);
        admin.describeCluster();
        admin.describeTopics(List.of(topic));
        admin.describeConfigs(List.of(new ConfigResource(ConfigResource.Type.TOPIC, topic)));
        admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1)));
        admin.listOffsets(Map.of(partition, OffsetSpec.latest()));
        admin.listConsumerGroupOffsets(pipeline.groupId());
        admin.fenceProducers(List.of(pipeline.groupId()));
        // Has a function for each error that a broker may answer.
        Errors.forCode((short) 0);
    }

    private static void initTransactions(ClientSettings settings) {
        Map<String, Object> configuration = new HashMap<>(settings.producer());
        configuration.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "rehearsal");
        configuration.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, MOMENT_MILLIS);
        KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(configuration);
        try {
            producer.initTransactions();
        } catch (KafkaException e) {
            // There is no broker.
        } finally {
            producer.close(Duration.ZERO);
        }
    }
}
