package io.tally.command.check;

import io.tally.command.check.Subject.Role;
import io.tally.plan.KafkaPipeline;
import io.tally.plan.cluster.ClusterFacts;
import io.tally.plan.cluster.GroupFacts;
import io.tally.plan.cluster.TopicFacts;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Facts about a good cluster of three brokers, to be spoilt. */
final class Cluster {
    static final long NOW = 1_800_000_000_000L;

    final KafkaPipeline pipeline;
    int brokers = 3;

    @Nullable
    Map<String, String> settings = new HashMap<>(Map.of(
            "transaction.max.timeout.ms", "900000",
            "offsets.retention.minutes", "10080",
            "transactional.id.expiration.ms", "604800000"));

    @Nullable
    Set<String> operations = Set.of("CREATE", "DESCRIBE");

    final Map<String, TopicFacts> topics = new HashMap<>();
    final Set<String> hidden = new HashSet<>();
    final Map<String, GroupFacts> groups = new HashMap<>();
    final Set<String> deniedIds = new HashSet<>();
    final Map<String, Long> newest = new HashMap<>();
    ClientLimits clients = new ClientLimits(1_048_576, 10_000, "classic");

    Cluster(KafkaPipeline pipeline) {
        this.pipeline = pipeline;
        Subject.topics(pipeline).forEach((name, role) -> topics.put(name, good(name, role)));
        topics.put(ClusterFacts.OFFSETS_TOPIC, good(ClusterFacts.OFFSETS_TOPIC, Role.STATE));
        topics.put(ClusterFacts.TRANSACTIONS_TOPIC, good(ClusterFacts.TRANSACTIONS_TOPIC, Role.STATE));
        groups.put(
                pipeline.groupId(),
                new GroupFacts(pipeline.groupId(), true, true, "classic", List.of(), Set.of("READ", "DESCRIBE")));
        newest.put(pipeline.topics().source(), NOW - 3_000);
    }

    private static TopicFacts good(String name, Role role) {
        return new TopicFacts(
                name,
                name + "-id",
                4,
                3,
                3,
                0,
                Map.of(
                        "cleanup.policy", role == Role.STATE ? "compact" : "delete",
                        "retention.ms", role == Role.SHUFFLE ? "-1" : "604800000",
                        "retention.bytes", "-1",
                        "min.insync.replicas", "2",
                        "max.message.bytes", "1048588",
                        "unclean.leader.election.enable", "false"),
                Set.of("READ", "WRITE", "DESCRIBE", "DELETE"));
    }

    /** The name of the topic that has a role. */
    String name(Role role) {
        return Subject.topics(pipeline).entrySet().stream()
                .filter(topic -> topic.getValue() == role)
                .findFirst()
                .orElseThrow()
                .getKey();
    }

    Cluster without(String topic) {
        topics.remove(topic);
        return this;
    }

    Cluster set(String topic, String setting, String value) {
        TopicFacts old = topics.get(topic);
        Map<String, String> config = new HashMap<>(old.settings());
        config.put(setting, value);
        topics.put(topic, with(old, config, old.operations()));
        return this;
    }

    Cluster unreadable(String topic) {
        TopicFacts old = topics.get(topic);
        topics.put(topic, with(old, null, old.operations()));
        return this;
    }

    Cluster allowed(String topic, String... to) {
        TopicFacts old = topics.get(topic);
        topics.put(topic, with(old, old.config(), Set.of(to)));
        return this;
    }

    Cluster shape(String topic, int partitions, int replication, int inSync, int withoutLeader) {
        TopicFacts old = topics.get(topic);
        topics.put(
                topic,
                new TopicFacts(
                        topic,
                        old.id(),
                        partitions,
                        replication,
                        inSync,
                        withoutLeader,
                        old.config(),
                        old.operations()));
        return this;
    }

    Cluster members(GroupFacts.Member... members) {
        groups.put(
                pipeline.groupId(),
                new GroupFacts(pipeline.groupId(), true, true, "classic", List.of(members), Set.of("READ")));
        return this;
    }

    private static TopicFacts with(
            TopicFacts old, @Nullable Map<String, String> config, @Nullable Set<String> operations) {
        return new TopicFacts(
                old.name(),
                old.id(),
                old.partitions(),
                old.replication(),
                old.inSync(),
                old.withoutLeader(),
                config,
                operations);
    }

    Subject subject() {
        return new Subject(
                pipeline,
                clients,
                new ClusterFacts(brokers, settings, operations, topics, hidden, groups, deniedIds, newest, NOW));
    }
}
