package io.tally.kafka.topic;

import io.tally.kafka.client.Futures;
import io.tally.kafka.client.Permissions;
import io.tally.plan.KafkaPipeline;
import io.tally.plan.cluster.Finding;
import io.tally.setting.Setting;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Asks the broker about a pipeline's topics, creates them, and explains which permission is missing. */
final class TopicAdmin {
    private static final Logger log = LoggerFactory.getLogger(TopicAdmin.class);
    private static final Duration KNOWN_WITHIN = Duration.ofSeconds(5);

    private final Admin admin;
    private final KafkaPipeline pipeline;

    TopicAdmin(Admin admin, KafkaPipeline pipeline) {
        this.admin = admin;
        this.pipeline = pipeline;
    }

    /** Describes those of the topics that exist. */
    Map<String, TopicDescription> describe(Set<String> topics) {
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
                        "allow it: " + Permissions.topic(pipeline, topic));
            }
        });
        return found;
    }

    /** Creates topics, unless another instance is faster, and adds them to those that were found. */
    void create(List<NewTopic> missing, Map<String, TopicDescription> found) {
        if (!pipeline.createTopics()) {
            throw TopicProblemException.waiting(
                    "The topics " + missing.stream().map(NewTopic::name).toList() + " do not exist, and "
                            + pipeline.property(Setting.CREATE_TOPICS) + " is false.",
                    "create them: "
                            + missing.stream().map(TopicAdmin::described).collect(Collectors.joining("; "))
                            + ". Or set " + Setting.CREATE_TOPICS + " to true.");
        }
        for (NewTopic topic : missing) {
            try {
                Futures.get(admin.createTopics(List.of(topic)).all());
                log.info(
                        "Pipeline {}: created topic {} with {} partitions",
                        pipeline.name(),
                        topic.name(),
                        topic.numPartitions());
            } catch (TopicExistsException e) {
                log.debug("Topic {} was created by another instance meanwhile", topic.name());
            } catch (AuthorizationException e) {
                throw TopicProblemException.waiting(
                        "The topic " + topic.name() + " does not exist and may not be created: " + e.getMessage(),
                        "create it: " + described(topic) + "; or allow to create it: "
                                + Permissions.topic("Create", topic.name()));
            }
        }
        awaitKnown(found, missing.stream().map(NewTopic::name).collect(Collectors.toSet()));
    }

    /** Adds partitions to a topic, unless another instance is faster. */
    void grow(String topic, int partitions, Map<String, TopicDescription> found) {
        try {
            Futures.get(admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(partitions)))
                    .all());
            log.info("Pipeline {}: topic {} has {} partitions from now on", pipeline.name(), topic, partitions);
        } catch (InvalidPartitionsException e) {
            log.debug("Topic {} was grown by another instance meanwhile", topic);
        }
        long deadline = System.nanoTime() + KNOWN_WITHIN.toNanos();
        Map<String, TopicDescription> now = describe(Set.of(topic));
        while (now.containsKey(topic)
                && now.get(topic).partitions().size() < partitions
                && System.nanoTime() - deadline < 0) {
            now = describe(Set.of(topic));
        }
        found.putAll(now);
    }

    /** Logs what may be wrong with a topic; nothing if there is nothing. */
    void warn(@Nullable Finding finding) {
        if (finding != null) {
            log.warn("Pipeline {}: {} Remedy: {}", pipeline.name(), finding.text(), finding.remedy());
        }
    }

    private static String described(NewTopic topic) {
        String settings = topic.configs().entrySet().stream()
                .map(setting -> setting.getKey() + "=" + setting.getValue())
                .sorted()
                .collect(Collectors.joining(", "));
        return topic.name() + " with " + topic.numPartitions() + " partitions and " + settings;
    }

    /** Waits until every broker knows a new topic. */
    private void awaitKnown(Map<String, TopicDescription> found, Set<String> own) {
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

    Map<String, String> config(String topic) {
        return config(topic, true);
    }

    /** A topic's configuration; empty if Tally may not read it, so that checks that need it are skipped. */
    Map<String, String> config(String topic, boolean warn) {
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
                                    + " a checkpoint in every transaction, and other settings go unchecked. To allow it: {}",
                            topic,
                            e.getMessage(),
                            Permissions.topic("DescribeConfigs", topic));
        }
        return values;
    }
}
