package io.tally.plan.cluster;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A topic as the cluster describes it.
 *
 * @param id the broker's id of it
 * @param partitions number of partitions, at least 1
 * @param replication replicas of the partition that has the fewest
 * @param inSync replicas in sync of the partition that has the fewest
 * @param withoutLeader number of partitions that have no leader
 * @param config its settings with the broker's defaults; null if they may not be read
 * @param operations what this principal may do with it, as READ, WRITE; null if the broker does not tell
 */
public record TopicFacts(
        String name,
        String id,
        int partitions,
        int replication,
        int inSync,
        int withoutLeader,
        @Nullable Map<String, String> config,
        @Nullable Set<String> operations) {
    public TopicFacts {
        config = config == null ? null : Map.copyOf(config);
        operations = operations == null ? null : Set.copyOf(operations);
    }

    /** Its settings; empty if they may not be read, so that each counts as right. */
    public Map<String, String> settings() {
        return config == null ? Map.of() : config;
    }
}
