package io.tally.plan.cluster;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a cluster says of itself and of the topics and groups that were asked about, at one time.
 *
 * @param brokers number of brokers that are there
 * @param settings settings of one of the brokers; null if they may not be read
 * @param operations what this principal may do with the cluster, as CREATE; null if the broker does not tell
 * @param topics the topics that exist, internal ones among them, by name
 * @param hiddenTopics those that this principal may not describe, or that do not exist for it
 * @param groups the groups by name
 * @param deniedIds transactional ids that this principal may not describe
 * @param newest the greatest timestamp in each of the topics whose newest records were asked for, in milliseconds since
 *     the epoch; without those that are empty
 * @param now what time it was here after that, in milliseconds since the epoch
 */
public record ClusterFacts(
        int brokers,
        @Nullable Map<String, String> settings,
        @Nullable Set<String> operations,
        Map<String, TopicFacts> topics,
        Set<String> hiddenTopics,
        Map<String, GroupFacts> groups,
        Set<String> deniedIds,
        Map<String, Long> newest,
        long now) {
    /** The topic in which brokers keep what is committed. */
    public static final String OFFSETS_TOPIC = "__consumer_offsets";

    /** The topic in which brokers keep transactions. */
    public static final String TRANSACTIONS_TOPIC = "__transaction_state";

    public ClusterFacts {
        settings = settings == null ? null : Map.copyOf(settings);
        operations = operations == null ? null : Set.copyOf(operations);
        topics = Map.copyOf(topics);
        hiddenTopics = Set.copyOf(hiddenTopics);
        groups = Map.copyOf(groups);
        deniedIds = Set.copyOf(deniedIds);
        newest = Map.copyOf(newest);
    }

    /** A topic; null if it does not exist or may not be described. */
    public @Nullable TopicFacts topic(String name) {
        return topics.get(name);
    }

    /** Whether it is certain that a topic does not exist. */
    public boolean lacks(String topic) {
        return !topics.containsKey(topic) && !hiddenTopics.contains(topic);
    }

    /** A setting of the brokers that is a number; null if it may not be read. */
    public @Nullable Long setting(String name) {
        return settings == null ? null : TopicConfigs.number(settings, name);
    }
}
