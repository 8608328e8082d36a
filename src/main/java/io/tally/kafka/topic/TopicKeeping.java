package io.tally.kafka.topic;

import io.tally.pipeline.StageKind;
import io.tally.plan.KafkaPipeline;
import io.tally.setting.Setting;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks whether a pipeline's topics keep their records, and long enough. */
final class TopicKeeping {
    private static final Logger log = LoggerFactory.getLogger(TopicKeeping.class);

    private final KafkaPipeline pipeline;

    TopicKeeping(KafkaPipeline pipeline) {
        this.pipeline = pipeline;
    }

    /**
     * Checks that a sink keeps the rows of all windows.
     *
     * @param sink its place, 0 for the first
     * @param config its configuration; settings that may not be read count as right
     * @throws TopicProblemException if compaction would keep only the last window of each key
     */
    void requireRows(int sink, Map<String, String> config) {
        if (isCompacted(config) && pipeline.spec().losesRowsByCompaction(sink)) {
            String topic = pipeline.topics().sinks().get(sink);
            throw TopicProblemException.waiting(
                    "The sink topic " + topic + " has cleanup.policy=" + policy(config)
                            + ", and the rows of all windows of a key have one record key: of them compaction keeps the last"
                            + " and removes the others.",
                    "set " + pipeline.sinkProperty(Setting.SINK_KEY, sink)
                            + "=window-and-key, so that each window has a record key of its"
                            + " own; or do not compact it: " + deleting(topic));
        }
    }

    /**
     * Checks that a topic for late records or dead letters keeps all of them.
     *
     * @throws TopicProblemException if compaction would keep only the last record of each key
     */
    static void requireRecords(String topic, Map<String, String> config) {
        if (isCompacted(config)) {
            throw TopicProblemException.waiting(
                    "The topic " + topic + " has cleanup.policy=" + policy(config)
                            + ", and takes late records or dead letters with the record keys that they had in the source: of"
                            + " those of a key compaction keeps the last, and those without a key are refused.",
                    deleting(topic));
        }
    }

    /** Warns if the broker deletes records while their windows are open. */
    void warnOfSourceRetention(Map<String, String> source) {
        Duration open = pipeline.spec().window().open();
        if (pipeline.stage() != StageKind.MERGE && isShorter(source, open)) {
            log.warn(
                    "Pipeline {}: the source topic {} has retention.ms={}, which is less than the {} that a window is open."
                            + " Records that are deleted before Tally has read them are lost to it, after a stop as long as that"
                            + " for example, and no window can be counted again",
                    pipeline.name(),
                    pipeline.topics().source(),
                    retention(source),
                    open);
        }
    }

    /**
     * Warns if the broker deletes rows before the next ones come.
     *
     * @param sink the sink's place, 0 for the first
     */
    void warnOfSinkRetention(int sink, Map<String, String> config) {
        Duration open = pipeline.spec().window().open();
        if (isShorter(config, open)) {
            log.warn(
                    "Pipeline {}: the sink topic {} has retention.ms={}, which is less than the {} that a window is open: its"
                            + " rows are deleted before the next ones come",
                    pipeline.name(),
                    pipeline.topics().sinks().get(sink),
                    retention(config),
                    open);
        }
    }

    private static boolean isShorter(Map<String, String> config, Duration open) {
        long millis = Long.parseLong(retention(config));
        return millis >= 0
                && policy(config).contains(TopicConfig.CLEANUP_POLICY_DELETE)
                && Duration.ofMillis(millis).compareTo(open) < 0;
    }

    private static String retention(Map<String, String> config) {
        return config.getOrDefault(TopicConfig.RETENTION_MS_CONFIG, "-1");
    }

    private static boolean isCompacted(Map<String, String> config) {
        return policy(config).contains(TopicConfig.CLEANUP_POLICY_COMPACT);
    }

    private static String policy(Map<String, String> config) {
        return config.getOrDefault(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE);
    }

    private static String deleting(String topic) {
        return "kafka-configs.sh --bootstrap-server HOST:PORT --alter --entity-type topics --entity-name " + topic
                + " --add-config cleanup.policy=delete";
    }
}
