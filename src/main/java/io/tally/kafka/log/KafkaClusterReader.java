package io.tally.kafka.log;

import io.tally.kafka.client.ClientSettings;
import io.tally.kafka.client.Futures;
import io.tally.plan.cluster.ClusterFacts;
import io.tally.plan.cluster.ClusterReader;
import io.tally.plan.cluster.GroupFacts;
import io.tally.plan.cluster.TopicFacts;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.DescribeClusterResult;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/** A {@link ClusterReader} with an admin client. */
public final class KafkaClusterReader implements ClusterReader {
    private final BrokerQuestions broker;
    private final Admin admin;

    /**
     * Makes the client, which connects when it is first used.
     *
     * @param name what it is called after "tally-"
     * @throws io.tally.pipeline.log.LogException if what listens at the broker's address is no Kafka
     */
    public KafkaClusterReader(ClientSettings settings, String name) {
        this(settings, name, AskAgain.NEVER);
    }

    /**
     * As the other.
     *
     * @param again how long it waits for answers
     */
    public KafkaClusterReader(ClientSettings settings, String name, AskAgain again) {
        broker = new BrokerQuestions(settings, again);
        admin = broker.admin("tally-" + name + "-cluster");
    }

    @Override
    public ClusterFacts facts(Question question) {
        DescribeClusterResult cluster = broker.ask("the cluster", () -> {
            DescribeClusterResult described =
                    admin.describeCluster(new DescribeClusterOptions().includeAuthorizedOperations(true));
            Futures.get(described.nodes());
            return described;
        });
        Collection<Node> nodes = broker.ask("the cluster", () -> Futures.get(cluster.nodes()));
        @Nullable
        Set<String> operations = broker.ask("the cluster", () -> names(Futures.get(cluster.authorizedOperations())));
        String node = nodes.isEmpty() ? null : nodes.iterator().next().idString();
        Map<String, String> settings = node == null
                ? null
                : configs(ConfigResource.Type.BROKER, Set.of(node)).get(node);
        Set<String> names = new HashSet<>(question.topics());
        names.add(ClusterFacts.OFFSETS_TOPIC);
        names.add(ClusterFacts.TRANSACTIONS_TOPIC);
        Set<String> hidden = new HashSet<>();
        Map<String, TopicFacts> topics = broker.ask("the topics " + names, () -> topics(names, hidden));
        Map<String, Long> newest = new HashMap<>();
        for (String topic : question.clocks()) {
            TopicFacts facts = topics.get(topic);
            Long time = facts == null ? null : newest(facts);
            if (time != null) {
                newest.put(topic, time);
            }
        }
        long now = System.currentTimeMillis();
        // To ask a coordinator would create its topic.
        boolean noGroups = isMissing(ClusterFacts.OFFSETS_TOPIC, topics, hidden);
        boolean noTransactions = isMissing(ClusterFacts.TRANSACTIONS_TOPIC, topics, hidden);
        return new ClusterFacts(
                nodes.size(),
                settings,
                operations,
                topics,
                hidden,
                groups(question.groups(), noGroups),
                noTransactions ? Set.of() : denied(question.transactionalIds()),
                newest,
                now);
    }

    private static boolean isMissing(String topic, Map<String, TopicFacts> topics, Set<String> hidden) {
        return !topics.containsKey(topic) && !hidden.contains(topic);
    }

    private Map<String, TopicFacts> topics(Set<String> names, Set<String> hidden) {
        Map<String, TopicFacts> found = new HashMap<>();
        Map<String, KafkaFuture<TopicDescription>> answers = admin.describeTopics(
                        names, new DescribeTopicsOptions().includeAuthorizedOperations(true))
                .topicNameValues();
        Map<String, TopicDescription> described = new HashMap<>();
        answers.forEach((name, answer) -> {
            try {
                described.put(name, Futures.get(answer));
            } catch (UnknownTopicOrPartitionException e) {
                // It is in no list, which says so.
            } catch (AuthorizationException e) {
                hidden.add(name);
            }
        });
        Map<String, Map<String, String>> configs = configs(ConfigResource.Type.TOPIC, described.keySet());
        described.forEach((name, topic) -> found.put(name, facts(topic, configs.get(name))));
        return found;
    }

    private static TopicFacts facts(TopicDescription topic, @Nullable Map<String, String> config) {
        return new TopicFacts(
                topic.name(),
                topic.topicId().toString(),
                topic.partitions().size(),
                topic.partitions().stream()
                        .mapToInt(partition -> partition.replicas().size())
                        .min()
                        .orElse(0),
                topic.partitions().stream()
                        .mapToInt(partition -> partition.isr().size())
                        .min()
                        .orElse(0),
                (int) topic.partitions().stream()
                        .filter(partition ->
                                partition.leader() == null || partition.leader().isEmpty())
                        .count(),
                config,
                names(topic.authorizedOperations()));
    }

    /** Settings by name, without secret ones, of what may be read. One question for all. */
    private Map<String, Map<String, String>> configs(ConfigResource.Type type, Set<String> names) {
        return broker.ask("the settings of " + names, () -> {
            Map<String, Map<String, String>> found = new HashMap<>();
            admin.describeConfigs(names.stream()
                            .map(name -> new ConfigResource(type, name))
                            .toList())
                    .values()
                    .forEach((resource, answer) -> {
                        try {
                            found.put(resource.name(), settings(Futures.get(answer)));
                        } catch (AuthorizationException | UnknownTopicOrPartitionException e) {
                            // It has no settings here.
                        }
                    });
            return found;
        });
    }

    private static Map<String, String> settings(Config config) {
        return config.entries().stream()
                .filter(entry -> entry.value() != null)
                .collect(Collectors.toMap(ConfigEntry::name, ConfigEntry::value));
    }

    /** The greatest timestamp of a topic; null if it has no records, or this broker does not tell. */
    private @Nullable Long newest(TopicFacts topic) {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        for (int partition = 0; partition < topic.partitions(); partition++) {
            asked.put(new TopicPartition(topic.name(), partition), OffsetSpec.maxTimestamp());
        }
        try {
            long greatest = Futures.get(admin.listOffsets(asked).all()).values().stream()
                    .mapToLong(ListOffsetsResultInfo::timestamp)
                    .max()
                    .orElse(-1);
            return greatest < 0 ? null : greatest;
        } catch (KafkaException e) {
            // Only a hint hangs on it; what is wrong with the topic is found elsewhere.
            return null;
        }
    }

    private Map<String, GroupFacts> groups(Set<String> names, boolean none) {
        Map<String, GroupFacts> found = new HashMap<>();
        names.forEach(name -> found.put(name, GroupFacts.unknown(name)));
        if (none) {
            return found;
        }
        names.forEach(name -> found.put(name, broker.ask("the group " + name, () -> {
            try {
                return facts(Futures.get(Objects.requireNonNull(admin.describeConsumerGroups(
                                Set.of(name), new DescribeConsumerGroupsOptions().includeAuthorizedOperations(true))
                        .describedGroups()
                        .get(name))));
            } catch (GroupIdNotFoundException e) {
                return GroupFacts.unknown(name);
            } catch (AuthorizationException e) {
                return GroupFacts.hidden(name);
            }
        })));
        return found;
    }

    private static GroupFacts facts(ConsumerGroupDescription group) {
        return new GroupFacts(
                group.groupId(),
                true,
                true,
                group.type().toString().toLowerCase(Locale.ROOT),
                group.members().stream()
                        .map(member -> new GroupFacts.Member(
                                member.clientId(),
                                member.host(),
                                member.assignment().topicPartitions().size()))
                        .toList(),
                names(group.authorizedOperations()));
    }

    private Set<String> denied(Set<String> ids) {
        Set<String> denied = new HashSet<>();
        for (String id : ids) {
            broker.ask("the transactional id " + id, () -> {
                try {
                    Futures.get(admin.describeTransactions(List.of(id)).description(id));
                } catch (TransactionalIdNotFoundException e) {
                    // It may be described, but there is none yet.
                    return true;
                } catch (TransactionalIdAuthorizationException e) {
                    denied.add(id);
                }
                return true;
            });
        }
        return denied;
    }

    private static @Nullable Set<String> names(@Nullable Set<AclOperation> operations) {
        return operations == null
                ? null
                : operations.stream().map(AclOperation::name).collect(Collectors.toSet());
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(5));
    }
}
