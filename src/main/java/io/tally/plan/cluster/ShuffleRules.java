package io.tally.plan.cluster;

import io.tally.plan.KafkaPipeline;
import io.tally.plan.ShuffleRoute;
import io.tally.setting.Setting;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a shuffle needs of its topic, beside what every pipeline needs: see {@link TopicRules}. */
public final class ShuffleRules {
    private final KafkaPipeline pipeline;
    private final ShuffleRoute shuffle;

    public ShuffleRules(KafkaPipeline pipeline, ShuffleRoute shuffle) {
        this.pipeline = pipeline;
        this.shuffle = shuffle;
    }

    /** The topic has the configured number of partitions, if one is configured. */
    public @Nullable Finding partitions(int existing) {
        Integer wanted = shuffle.partitions();
        if (wanted == null || wanted == existing) {
            return null;
        }
        return Finding.error(
                "partitions",
                shuffle.topic(),
                pipeline.property(Setting.SHUFFLE_TOPIC_PARTITIONS) + " is " + wanted + ", but the shuffle topic "
                        + shuffle.topic() + " has " + existing
                        + " partitions, and keys would move between partitions.",
                "set it to " + existing
                        + ", or begin with a new shuffle topic: stop the source's"
                        + " producers until all windows have closed, stop all instances, and set "
                        + pipeline.property(Setting.SHUFFLE_TOPIC_NAME) + " and "
                        + pipeline.property(Setting.STATE_TOPIC)
                        + " to new names.");
    }

    /** Compaction removes no partials. */
    public @Nullable Finding policy(Map<String, String> config) {
        String policy = TopicConfigs.policy(config);
        return policy.equals("delete")
                ? null
                : Finding.error(
                        TopicConfigs.POLICY,
                        shuffle.topic(),
                        "The shuffle topic " + shuffle.topic() + " has cleanup.policy=" + policy
                                + ", so the broker may remove partial results that were never merged.",
                        TopicConfigs.alter(shuffle.topic(), "cleanup.policy=delete"));
    }

    /** Nothing is deleted before it was merged. */
    public @Nullable Finding retention(Map<String, String> config) {
        boolean byAge = !TopicConfigs.retention(config).equals("-1");
        String setting = byAge ? TopicConfigs.RETENTION : TopicConfigs.RETENTION_BYTES;
        String value = config.getOrDefault(setting, "-1");
        return value.equals("-1")
                ? null
                : Finding.warning(
                        setting,
                        shuffle.topic(),
                        "The shuffle topic " + shuffle.topic() + " has " + setting + "=" + value
                                + ". Tally deletes from it what it has merged; what is deleted earlier is missed, and the"
                                + " partition refused.",
                        "set it to -1: " + TopicConfigs.alter(shuffle.topic(), setting + "=-1"));
    }

    /** The state has a partition for each one of a source that has grown. */
    public Finding stateToGrow(int source, int state) {
        String topic = pipeline.topics().state();
        return Finding.error(
                "partitions",
                topic,
                "The source topic " + pipeline.topics().source() + " has grown to " + source
                        + " partitions, the state topic " + topic + " has " + state + ", and "
                        + pipeline.property(Setting.CREATE_TOPICS) + " is false.",
                "kafka-topics.sh --bootstrap-server HOST:PORT --alter --topic " + topic + " --partitions " + source);
    }
}
