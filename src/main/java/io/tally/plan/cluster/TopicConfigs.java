package io.tally.plan.cluster;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the configuration of a topic. A setting that is not there, or may not be read, counts as right. */
public final class TopicConfigs {
    static final String POLICY = "cleanup.policy";
    static final String RETENTION = "retention.ms";
    static final String RETENTION_BYTES = "retention.bytes";
    static final String MIN_IN_SYNC = "min.insync.replicas";
    static final String MAX_BYTES = "max.message.bytes";
    static final String UNCLEAN = "unclean.leader.election.enable";
    static final String TIMESTAMPS = "message.timestamp.type";

    private static final String COMPACT = "compact";
    private static final String DELETE = "delete";

    private TopicConfigs() {}

    /** Whether compaction removes records, perhaps beside deletion by age. */
    public static boolean isCompacted(Map<String, String> config) {
        return policy(config).contains(COMPACT);
    }

    static boolean isDeleting(Map<String, String> config) {
        return policy(config).contains(DELETE);
    }

    static String policy(Map<String, String> config) {
        return config.getOrDefault(POLICY, DELETE);
    }

    static String retention(Map<String, String> config) {
        return config.getOrDefault(RETENTION, "-1");
    }

    /** Whether timestamps are the broker's. */
    public static boolean hasAppendTime(Map<String, String> config) {
        return "LogAppendTime".equals(config.get(TIMESTAMPS));
    }

    /** A setting that is a number; null if it is not there or may not be read. */
    public static @Nullable Long number(Map<String, String> config, String name) {
        String text = config.get(name);
        try {
            return text == null ? null : Long.valueOf(text.trim());
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** The command that sets a topic's setting. */
    public static String alter(String topic, String setting) {
        return "kafka-configs.sh --bootstrap-server HOST:PORT --alter --entity-type topics --entity-name " + topic
                + " --add-config " + setting;
    }
}
