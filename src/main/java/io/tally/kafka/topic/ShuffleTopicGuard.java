package io.tally.kafka.topic;

import io.tally.plan.KafkaPipeline;
import io.tally.plan.ShuffleRoute;
import io.tally.setting.Setting;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.TopicConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks what a shuffle needs of its topics, in addition to what every pipeline needs. */
final class ShuffleTopicGuard {
    private static final Logger log = LoggerFactory.getLogger(ShuffleTopicGuard.class);
    /** Kafka deletes only whole segments, so they are small. */
    private static final String SEGMENT_BYTES = Integer.toString(50 * 1024 * 1024);

    private final TopicAdmin admin;
    private final KafkaPipeline pipeline;
    private final ShuffleRoute shuffle;

    ShuffleTopicGuard(TopicAdmin admin, KafkaPipeline pipeline, ShuffleRoute shuffle) {
        this.admin = admin;
        this.pipeline = pipeline;
        this.shuffle = shuffle;
    }

    /** Number of partitions of the shuffled source. */
    int sourcePartitions(Map<String, TopicDescription> found) {
        TopicDescription source = found.get(shuffle.source());
        if (source == null) {
            throw TopicProblemException.missing(shuffle.source(), "source", pipeline.property(Setting.SOURCE_TOPIC));
        }
        return source.partitions().size();
    }

    /** Creates the shuffle topic if it is missing: the stage that starts first does so. */
    void ensure(Map<String, TopicDescription> found) {
        Integer wanted = shuffle.partitions();
        if (!found.containsKey(shuffle.topic())) {
            int partitions = wanted != null ? wanted : sourcePartitions(found);
            admin.create(
                    List.of(new NewTopic(shuffle.topic(), Optional.of(partitions), Optional.empty())
                            .configs(Map.of(
                                    TopicConfig.CLEANUP_POLICY_CONFIG,
                                    TopicConfig.CLEANUP_POLICY_DELETE,
                                    TopicConfig.RETENTION_MS_CONFIG,
                                    "-1",
                                    TopicConfig.RETENTION_BYTES_CONFIG,
                                    "-1",
                                    TopicConfig.SEGMENT_BYTES_CONFIG,
                                    SEGMENT_BYTES))),
                    found);
        }
        // Another instance may have created it meanwhile.
        TopicDescription existing = found.get(shuffle.topic());
        if (existing != null
                && wanted != null
                && wanted != existing.partitions().size()) {
            throw TopicProblemException.contradiction(
                    pipeline.property(Setting.SHUFFLE_TOPIC_PARTITIONS) + " is " + wanted + ", but the shuffle topic "
                            + shuffle.topic() + " has "
                            + existing.partitions().size()
                            + " partitions, and keys would move between partitions.",
                    "set it to " + existing.partitions().size()
                            + ", or begin with a new shuffle topic: stop the source's"
                            + " producers until all windows have closed, stop all instances, and set "
                            + pipeline.property(Setting.SHUFFLE_TOPIC_NAME) + " and "
                            + pipeline.property(Setting.STATE_TOPIC)
                            + " to new names.");
        }
        check(shuffle.topic());
    }

    private void check(String topic) {
        Map<String, String> config = admin.config(topic);
        String policy = config.getOrDefault(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE);
        if (!policy.equals(TopicConfig.CLEANUP_POLICY_DELETE)) {
            throw TopicProblemException.waiting(
                    "The shuffle topic " + topic + " has cleanup.policy=" + policy
                            + ", so the broker may remove partial results that were never merged.",
                    "kafka-configs.sh --bootstrap-server HOST:PORT --alter --entity-type topics --entity-name " + topic
                            + " --add-config cleanup.policy=delete");
        }
        String retention = config.getOrDefault(TopicConfig.RETENTION_MS_CONFIG, "-1");
        if (!retention.equals("-1")) {
            log.warn(
                    "Pipeline {}: the shuffle topic {} has retention.ms={}. Tally deletes from it what it has merged; what is"
                            + " deleted earlier is missed, and the partition refused. Set it to -1",
                    pipeline.name(),
                    topic,
                    retention);
        }
    }

    /**
     * Adds partitions to the state topic if the source has grown. A combine stage keeps nothing by key, so its source
     * may grow. Each partition has its own birth marker in the state.
     */
    void growState(Map<String, TopicDescription> found, int partitions) {
        String state = pipeline.topics().state();
        TopicDescription description = found.get(state);
        if (description == null || description.partitions().size() >= partitions) {
            return;
        }
        if (!pipeline.createTopics()) {
            throw TopicProblemException.waiting(
                    "The source topic " + pipeline.topics().source() + " has grown to " + partitions
                            + " partitions, the state topic " + state + " has "
                            + description.partitions().size()
                            + ", and " + pipeline.property(Setting.CREATE_TOPICS) + " is false.",
                    "kafka-topics.sh --bootstrap-server HOST:PORT --alter --topic " + state + " --partitions "
                            + partitions);
        }
        admin.grow(state, partitions, found);
    }
}
