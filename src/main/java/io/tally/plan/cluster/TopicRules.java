package io.tally.plan.cluster;

import io.tally.pipeline.StageKind;
import io.tally.plan.KafkaPipeline;
import io.tally.plan.ShuffleRoute;
import io.tally.setting.Setting;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a pipeline, or a stage of one, needs of its topics. Every rule gives null where a topic is as it must be; a
 * setting that may not be read counts as right. A start goes by the same rules as the command {@code check}.
 */
public final class TopicRules {
    private final KafkaPipeline pipeline;

    public TopicRules(KafkaPipeline pipeline) {
        this.pipeline = pipeline;
    }

    /**
     * A topic that Tally does not create is missing.
     *
     * @param property full name of the property that names it
     */
    public static Finding missing(String topic, String role, String property) {
        return Finding.error(
                role + " topic",
                topic,
                "The " + role + " topic " + topic + " (" + property + ") does not exist.",
                "create it, and the pipeline goes on by itself: kafka-topics.sh --bootstrap-server HOST:PORT --create"
                        + " --topic " + topic + " --partitions 4 --replication-factor 3 (1 on a single broker);"
                        + " or correct the name.");
    }

    /** A lane works on whole partitions. */
    public @Nullable Finding lanes(int partitions) {
        if (pipeline.lanes() <= partitions || pipeline.stage() == StageKind.MERGE) {
            return null;
        }
        String property = pipeline.property(Setting.LANES);
        String source = pipeline.topics().source();
        return Finding.error(
                "lanes",
                source,
                property + " is " + pipeline.lanes() + ", but the topic " + source + " has " + partitions
                        + " partitions: a lane works on whole partitions, so the others would have nothing to do.",
                "set it to " + partitions + " or less, for example " + property + "=" + partitions + ".");
    }

    /**
     * A sink keeps the rows of all windows, unless compaction would keep only the last window of each key.
     *
     * @param sink its place, 0 for the first
     */
    public @Nullable Finding rows(int sink, Map<String, String> config) {
        if (!TopicConfigs.isCompacted(config) || !pipeline.spec().losesRowsByCompaction(sink)) {
            return null;
        }
        String topic = pipeline.topics().sinks().get(sink);
        return Finding.error(
                TopicConfigs.POLICY,
                topic,
                "The sink topic " + topic + " has cleanup.policy=" + TopicConfigs.policy(config)
                        + ", and the rows of all windows of a key have one record key: compaction keeps the last of them"
                        + " and removes the others.",
                "set " + pipeline.sinkProperty(Setting.SINK_KEY, sink)
                        + "=window-and-key, so that each window has a record key of its own; or do not compact it: "
                        + TopicConfigs.alter(topic, "cleanup.policy=delete"));
    }

    /** A topic for late records or dead letters keeps all of them. */
    public static @Nullable Finding records(String topic, Map<String, String> config) {
        return !TopicConfigs.isCompacted(config)
                ? null
                : Finding.error(
                        TopicConfigs.POLICY,
                        topic,
                        "The topic " + topic + " has cleanup.policy=" + TopicConfigs.policy(config)
                                + ", and takes late records or dead letters with the record keys that they had in the source:"
                                + " compaction keeps the last of each key, and those without a key are refused.",
                        TopicConfigs.alter(topic, "cleanup.policy=delete"));
    }

    /** The state has a partition for each one of the source. */
    public @Nullable Finding statePartitions(int source, int state) {
        if (source == state) {
            return null;
        }
        String topic = pipeline.topics().state();
        return Finding.error(
                "partitions",
                topic,
                "The source topic " + pipeline.topics().source() + " has " + source
                        + " partitions, but the state topic " + topic + " has " + state
                        + ". Either it belongs to another source, or partitions were added to the source: keys have"
                        + " moved between partitions then, so windows would be split.",
                "give the pipeline the state topic that belongs to this source. If partitions were added, count the"
                        + " topic through a shuffle, or start anew once all records from before the change are counted: "
                        + startAnew());
    }

    /** The broker deletes no state by its age. */
    public @Nullable Finding statePolicy(Map<String, String> config) {
        String topic = pipeline.topics().state();
        String policy = config.getOrDefault(TopicConfigs.POLICY, "compact");
        return policy.equals("compact")
                ? null
                : Finding.error(
                        TopicConfigs.POLICY,
                        topic,
                        "The state topic " + topic + " has cleanup.policy=" + policy
                                + ", so the broker deletes state that is still needed.",
                        TopicConfigs.alter(topic, "cleanup.policy=compact"));
    }

    /** The source keeps records for longer than their windows are open. */
    public @Nullable Finding sourceRetention(Map<String, String> config) {
        Duration open = pipeline.spec().window().open();
        String source = pipeline.topics().source();
        if (pipeline.stage() == StageKind.MERGE || !isShorter(config, open)) {
            return null;
        }
        return Finding.warning(
                TopicConfigs.RETENTION,
                source,
                "The source topic " + source + " has retention.ms=" + TopicConfigs.retention(config)
                        + ", which is less than the " + open
                        + " that a window is open. Records that are deleted before Tally has read them are lost to it,"
                        + " after a stop as long as that for example, and no window can be counted again.",
                "make it longer than the longest stop plus the time that windows are open: "
                        + TopicConfigs.alter(source, "retention.ms=..."));
    }

    /**
     * A sink keeps rows until the next ones come.
     *
     * @param sink the sink's place, 0 for the first
     */
    public @Nullable Finding sinkRetention(int sink, Map<String, String> config) {
        Duration open = pipeline.spec().window().open();
        if (!isShorter(config, open)) {
            return null;
        }
        String topic = pipeline.topics().sinks().get(sink);
        return Finding.warning(
                TopicConfigs.RETENTION,
                topic,
                "The sink topic " + topic + " has retention.ms=" + TopicConfigs.retention(config)
                        + ", which is less than the " + open
                        + " that a window is open: its rows are deleted before the next ones come.",
                "make it as long as readers need the rows: " + TopicConfigs.alter(topic, "retention.ms=..."));
    }

    /** How to begin from other offsets. */
    public String startAnew() {
        ShuffleRoute shuffle = pipeline.shuffle();
        return "reset the offsets of group " + (shuffle == null ? pipeline.groupId() : shuffle.sourceGroup())
                + " where you want to begin, and set " + pipeline.property(Setting.STATE_TOPIC)
                + (shuffle == null ? "" : " and " + pipeline.property(Setting.SHUFFLE_TOPIC_NAME))
                + " to a new name.";
    }

    private static boolean isShorter(Map<String, String> config, Duration open) {
        Long millis = TopicConfigs.number(config, TopicConfigs.RETENTION);
        return millis != null
                && millis >= 0
                && TopicConfigs.isDeleting(config)
                && Duration.ofMillis(millis).compareTo(open) < 0;
    }
}
