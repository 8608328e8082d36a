package io.tally.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Looks at a pipeline's topics before it starts: source and sink must exist, the late, dead-letter and state topics are
 * created when missing, and the state topic must mirror the source, compacted. Existing topics are never altered. Looks
 * again while it runs, whether the source is still the same.
 */
final class TopicGuard {
    private static final Logger log = LoggerFactory.getLogger(TopicGuard.class);
    private static final long DEFAULT_MAX_BYTES = 1_048_588;
    /** A dead letter is its source record plus headers; a topic of ours takes that much more than the source. */
    private static final long HEADER_ROOM = 64 * 1024;

    private static final Duration KNOWN_WITHIN = Duration.ofSeconds(5);

    private final Admin admin;
    private final KafkaPipeline pipeline;
    private final long maxRequestBytes;

    TopicGuard(Admin admin, KafkaPipeline pipeline, long maxRequestBytes) {
        this.admin = admin;
        this.pipeline = pipeline;
        this.maxRequestBytes = maxRequestBytes;
    }

    /**
     * Checks and creates.
     *
     * @throws TopicProblemException if something is missing or wrong
     */
    TopicLayout check() {
        Topics topics = pipeline.topics();
        Map<String, TopicDescription> found =
                describe(Set.of(topics.source(), topics.sink(), topics.late(), topics.deadLetter(), topics.state()));
        TopicDescription source = required(found, topics.source(), "source");
        required(found, topics.sink(), "sink");
        int partitions = source.partitions().size();
        if (pipeline.lanes() > partitions) {
            throw TopicProblemException.contradiction(
                    "tally.pipelines." + pipeline.name() + ".lanes is " + pipeline.lanes() + ", but the source topic "
                            + topics.source() + " has " + partitions
                            + " partitions: a lane works on whole partitions, so the others would have nothing to do.",
                    "set it to " + partitions + " or less, for example tally.pipelines." + pipeline.name() + ".lanes="
                            + partitions + ".");
        }
        Map<String, String> sourceConfig = config(topics.source());
        createMissing(found, partitions, sourceConfig);
        checkState(found.get(topics.state()), partitions);
        return new TopicLayout(
                source.topicId().toString(),
                partitions,
                isCompacted(sourceConfig),
                sideTopic(found, topics.late(), partitions),
                sideTopic(found, topics.deadLetter(), partitions));
    }

    /**
     * Looks again at the topics of a running pipeline.
     *
     * @return whether the source is still the one of the layout, with as many partitions
     * @throws TopicProblemException if source or sink is gone
     */
    boolean isUnchanged(TopicLayout layout) {
        Topics topics = pipeline.topics();
        Map<String, TopicDescription> found = describe(Set.of(topics.source(), topics.sink()));
        TopicDescription source = required(found, topics.source(), "source");
        required(found, topics.sink(), "sink");
        return source.topicId().toString().equals(layout.sourceId())
                && source.partitions().size() == layout.sourcePartitions()
                && isCompacted(config(topics.source(), false)) == layout.compactedSource();
    }

    /** What may not be known may be compacted. */
    private static boolean isCompacted(Map<String, String> sourceConfig) {
        return sourceConfig
                .getOrDefault(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT)
                .contains(TopicConfig.CLEANUP_POLICY_COMPACT);
    }

    private TopicDescription required(Map<String, TopicDescription> found, String topic, String role) {
        TopicDescription description = found.get(topic);
        if (description == null) {
            throw TopicProblemException.waiting(
                    "The " + role + " topic " + topic + " (tally.pipelines." + pipeline.name() + "." + role
                            + ".topic) does not exist.",
                    "create it, and the pipeline goes on by itself: kafka-topics.sh --bootstrap-server HOST:PORT --create"
                            + " --topic " + topic + " --partitions 4 --replication-factor 3 (1 on a single broker);"
                            + " or correct the name.");
        }
        return description;
    }

    private void createMissing(Map<String, TopicDescription> found, int partitions, Map<String, String> sourceConfig) {
        List<NewTopic> missing = new ArrayList<>();
        for (String topic : pipeline.topics().own()) {
            if (!found.containsKey(topic)) {
                missing.add(newTopic(topic, partitions, sourceConfig));
            }
        }
        if (missing.isEmpty()) {
            return;
        }
        if (!pipeline.createTopics()) {
            throw TopicProblemException.waiting(
                    "The topics " + missing.stream().map(NewTopic::name).toList()
                            + " do not exist, and tally.pipelines." + pipeline.name() + ".create-topics is false.",
                    "create them with " + partitions + " partitions each, the state topic "
                            + pipeline.topics().state()
                            + " with cleanup.policy=compact; or set create-topics to true.");
        }
        for (NewTopic topic : missing) {
            try {
                Futures.get(admin.createTopics(List.of(topic)).all());
                log.info("Pipeline {}: created topic {} with {} partitions", pipeline.name(), topic.name(), partitions);
            } catch (TopicExistsException e) {
                log.debug("Topic {} was created by another instance meanwhile", topic.name());
            } catch (AuthorizationException e) {
                throw TopicProblemException.waiting(
                        "The topic " + topic.name() + " does not exist and may not be created: " + e.getMessage(),
                        "allow Create, or create it with " + partitions + " partitions"
                                + (topic.name().equals(pipeline.topics().state())
                                        ? " and cleanup.policy=compact."
                                        : "."));
            }
        }
        awaitKnown(found);
    }

    /** A new topic takes a moment to be known to every broker. */
    private void awaitKnown(Map<String, TopicDescription> found) {
        Set<String> own = Set.copyOf(pipeline.topics().own());
        long deadline = System.nanoTime() + KNOWN_WITHIN.toNanos();
        while (!found.keySet().containsAll(own)) {
            if (System.nanoTime() - deadline > 0) {
                throw TopicProblemException.waiting(
                        "Of the topics " + own + ", created just now, the broker knows only " + found.keySet() + ".",
                        "none so far, the next look comes by itself.");
            }
            found.putAll(describe(own));
        }
    }

    private NewTopic newTopic(String topic, int partitions, Map<String, String> sourceConfig) {
        NewTopic created = new NewTopic(topic, Optional.of(partitions), Optional.empty());
        if (topic.equals(pipeline.topics().state())) {
            return created.configs(Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT));
        }
        long maxBytes = maxBytes(sourceConfig) + HEADER_ROOM;
        return created.configs(Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Long.toString(maxBytes)));
    }

    private void checkState(@Nullable TopicDescription state, int partitions) {
        String topic = pipeline.topics().state();
        if (state == null) {
            throw new IllegalStateException("the state topic " + topic + " was neither found nor created");
        }
        if (state.partitions().size() != partitions) {
            throw TopicProblemException.waiting(
                    "The source topic " + pipeline.topics().source() + " has " + partitions
                            + " partitions, but the state topic " + topic + " has "
                            + state.partitions().size()
                            + ". Either it belongs to another source, or partitions were added to the source: keys have"
                            + " moved between partitions then, so windows would be split.",
                    "give the pipeline the state topic that belongs to this source. If partitions were added, count the"
                            + " records of before through to the end with the old consumers stopped at the change, or"
                            + " start anew: reset the offsets of group " + pipeline.groupId()
                            + " where you want to begin"
                            + " and set tally.pipelines." + pipeline.name() + ".state.topic to a new name.");
        }
        String policy = config(topic).getOrDefault(TopicConfig.CLEANUP_POLICY_CONFIG, "compact");
        if (!policy.equals(TopicConfig.CLEANUP_POLICY_COMPACT)) {
            throw TopicProblemException.waiting(
                    "The state topic " + topic + " has cleanup.policy=" + policy
                            + ", so the broker deletes state that is still needed.",
                    "kafka-configs.sh --bootstrap-server HOST:PORT --alter --entity-type topics --entity-name " + topic
                            + " --add-config cleanup.policy=compact");
        }
    }

    private SideTopic sideTopic(Map<String, TopicDescription> found, String topic, int partitions) {
        TopicDescription description = found.get(topic);
        int count = description == null ? partitions : description.partitions().size();
        return new SideTopic(topic, count, Math.min(maxRequestBytes, maxBytes(config(topic))));
    }

    private static long maxBytes(Map<String, String> config) {
        String value = config.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
        return value == null ? DEFAULT_MAX_BYTES : Long.parseLong(value);
    }

    private Map<String, TopicDescription> describe(Set<String> topics) {
        Map<String, TopicDescription> found = new HashMap<>();
        Map<String, KafkaFuture<TopicDescription>> answers =
                admin.describeTopics(topics).topicNameValues();
        answers.forEach((topic, answer) -> {
            try {
                found.put(topic, Futures.get(answer));
            } catch (UnknownTopicOrPartitionException e) {
                log.debug("Topic {} does not exist", topic);
            } catch (AuthorizationException e) {
                throw TopicProblemException.waiting(
                        "The topic " + topic + " may not be described: " + e.getMessage(),
                        "allow Describe on it (Read and Write allow it too).");
            }
        });
        return found;
    }

    private Map<String, String> config(String topic) {
        return config(topic, true);
    }

    /** A topic's configuration; empty where it may not be read, so that the checks that need it are left out. */
    private Map<String, String> config(String topic, boolean warn) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        Map<String, String> values = new HashMap<>();
        try {
            Map<ConfigResource, Config> configs =
                    Futures.get(admin.describeConfigs(List.of(resource)).all());
            configs.values().iterator().next().entries().forEach(entry -> values.put(entry.name(), entry.value()));
        } catch (AuthorizationException e) {
            log.atLevel(warn ? Level.WARN : Level.DEBUG)
                    .log(
                            "May not read the configuration of topic {} ({}); a source is then taken for compacted, which costs"
                                    + " a checkpoint in every transaction, and other settings go unchecked. Allow DescribeConfigs",
                            topic,
                            e.getMessage());
        }
        return values;
    }
}
