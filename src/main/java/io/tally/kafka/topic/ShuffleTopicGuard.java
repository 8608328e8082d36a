package io.tally.kafka.topic;

import io.tally.plan.KafkaPipeline;
import io.tally.plan.ShuffleRoute;
import io.tally.plan.cluster.Finding;
import io.tally.plan.cluster.ShuffleRules;
import io.tally.plan.cluster.TopicRules;
import io.tally.setting.Setting;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.TopicConfig;

/** Checks what a shuffle needs of its topics, in addition to what every pipeline needs. */
final class ShuffleTopicGuard {
    /** Kafka deletes only whole segments, so they are small. */
    private static final String SEGMENT_BYTES = Integer.toString(50 * 1024 * 1024);

    private final TopicAdmin admin;
    private final KafkaPipeline pipeline;
    private final ShuffleRoute shuffle;
    private final ShuffleRules rules;

    ShuffleTopicGuard(TopicAdmin admin, KafkaPipeline pipeline, ShuffleRoute shuffle) {
        this.admin = admin;
        this.pipeline = pipeline;
        this.shuffle = shuffle;
        rules = new ShuffleRules(pipeline, shuffle);
    }

    /** Number of partitions of the shuffled source. */
    int sourcePartitions(Map<String, TopicDescription> found) {
        TopicDescription source = found.get(shuffle.source());
        if (source == null) {
            throw TopicProblemException.waiting(
                    TopicRules.missing(shuffle.source(), "source", pipeline.property(Setting.SOURCE_TOPIC)));
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
        Finding contradiction =
                existing == null ? null : rules.partitions(existing.partitions().size());
        if (contradiction != null) {
            throw TopicProblemException.contradiction(contradiction);
        }
        check(shuffle.topic());
    }

    private void check(String topic) {
        Map<String, String> config = admin.config(topic);
        TopicProblemException.throwIf(rules.policy(config));
        admin.warn(rules.retention(config));
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
                    rules.stateToGrow(partitions, description.partitions().size()));
        }
        admin.grow(state, partitions, found);
    }
}
