package io.tally.kafka;

import io.tally.pipeline.StageKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
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

    /** Only whole segments are deleted, so they are small. */
    private static final String SHUFFLE_SEGMENT_BYTES = Integer.toString(50 * 1024 * 1024);

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
        Map<String, TopicDescription> found = describe(all());
        if (pipeline.shuffle() != null) {
            ensureShuffle(found, pipeline.shuffle());
        }
        TopicDescription source = required(found, topics.source(), "source");
        TopicDescription sink = required(found, topics.sink(), "sink");
        int partitions = source.partitions().size();
        if (pipeline.lanes() > partitions) {
            throw tooManyLanes(partitions);
        }
        Map<String, String> sourceConfig = config(topics.source());
        createMissing(found, partitions, sidePartitions(found, partitions), sourceConfig);
        if (pipeline.stage() == StageKind.COMBINE) {
            growState(found, partitions);
        }
        checkState(found.get(topics.state()), partitions);
        return new TopicLayout(
                source.topicId().toString(),
                partitions,
                sink.partitions().size(),
                isCompacted(sourceConfig),
                sideTopic(found, topics.late(), partitions),
                sideTopic(found, topics.deadLetter(), partitions));
    }

    private Set<String> all() {
        Topics topics = pipeline.topics();
        Set<String> all = new HashSet<>(own());
        all.add(topics.source());
        all.add(topics.sink());
        if (pipeline.shuffle() != null) {
            all.add(pipeline.shuffle().source());
        }
        return all;
    }

    /** The topics that Tally may create, beside a shuffle; source and sink belong to others. */
    private List<String> own() {
        Topics topics = pipeline.topics();
        return List.of(topics.late(), topics.deadLetter(), topics.state());
    }

    private TopicProblemException tooManyLanes(int partitions) {
        String property =
                pipeline.property(pipeline.stage() == StageKind.MERGE ? "shuffle-topic.merge-lanes" : "lanes");
        return TopicProblemException.contradiction(
                property + " is " + pipeline.lanes() + ", but the topic "
                        + pipeline.topics().source() + " has " + partitions
                        + " partitions: a lane works on whole partitions, so the others would have nothing to do.",
                "set it to " + partitions + " or less, for example " + property + "=" + partitions + ".");
    }

    /** Whichever stage comes first creates the topic between them. */
    private void ensureShuffle(Map<String, TopicDescription> found, Shuffle shuffle) {
        TopicDescription existing = found.get(shuffle.topic());
        Integer wanted = shuffle.partitions();
        if (existing == null) {
            int partitions = wanted != null
                    ? wanted
                    : required(found, shuffle.source(), "source").partitions().size();
            create(List.of(new NewTopic(shuffle.topic(), Optional.of(partitions), Optional.empty())
                    .configs(Map.of(
                            TopicConfig.CLEANUP_POLICY_CONFIG,
                            TopicConfig.CLEANUP_POLICY_DELETE,
                            TopicConfig.RETENTION_MS_CONFIG,
                            "-1",
                            TopicConfig.RETENTION_BYTES_CONFIG,
                            "-1",
                            TopicConfig.SEGMENT_BYTES_CONFIG,
                            SHUFFLE_SEGMENT_BYTES))));
            awaitKnown(found, Set.of(shuffle.topic()));
        } else if (wanted != null && wanted != existing.partitions().size()) {
            throw TopicProblemException.contradiction(
                    pipeline.property("shuffle-topic.partitions") + " is " + wanted + ", but the shuffle topic "
                            + shuffle.topic() + " has "
                            + existing.partitions().size()
                            + " partitions, and keys would move between partitions.",
                    "set it to " + existing.partitions().size()
                            + ", or begin with a new shuffle topic: stop the source's"
                            + " producers until all windows have closed, stop all instances, and set "
                            + pipeline.property("shuffle-topic.name") + " and " + pipeline.property("state.topic")
                            + " to new names.");
        } else {
            checkShuffle(shuffle.topic());
        }
    }

    private void checkShuffle(String topic) {
        Map<String, String> config = config(topic);
        String policy = config.getOrDefault(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE);
        if (!policy.equals(TopicConfig.CLEANUP_POLICY_DELETE)) {
            throw TopicProblemException.waiting(
                    "The shuffle topic " + topic + " has cleanup.policy=" + policy
                            + ", so the broker may remove partial results that were never merged.",
                    "kafka-configs.sh --bootstrap-server HOST:PORT --alter --entity-type topics --entity-name " + topic
                            + " --add-config cleanup.policy=delete");
        }
        String retention = config.getOrDefault(TopicConfig.RETENTION_MS_CONFIG, "-1");
        if (!retention.equals("-1")) {
            log.warn(
                    "Pipeline {}: the shuffle topic {} has retention.ms={}. Tally deletes from it what it has merged; what is"
                            + " deleted earlier is missed, and the partition refused. Set it to -1",
                    pipeline.name(),
                    topic,
                    retention);
        }
    }

    /** A combine stage keeps nothing by key, so its source may grow; each partition has its own birth in the state. */
    private void growState(Map<String, TopicDescription> found, int partitions) {
        String state = pipeline.topics().state();
        TopicDescription description = found.get(state);
        if (description == null || description.partitions().size() >= partitions) {
            return;
        }
        if (!pipeline.createTopics()) {
            throw TopicProblemException.waiting(
                    "The source topic " + pipeline.topics().source() + " has grown to " + partitions
                            + " partitions, the state topic " + state + " has "
                            + description.partitions().size()
                            + ", and " + pipeline.property("create-topics") + " is false.",
                    "kafka-topics.sh --bootstrap-server HOST:PORT --alter --topic " + state + " --partitions "
                            + partitions);
        }
        try {
            Futures.get(admin.createPartitions(Map.of(state, NewPartitions.increaseTo(partitions)))
                    .all());
            log.info(
                    "Pipeline {}: the source has grown, and so has {}: {} partitions",
                    pipeline.name(),
                    state,
                    partitions);
        } catch (InvalidPartitionsException e) {
            log.debug("Topic {} was grown by another instance meanwhile", state);
        }
        long deadline = System.nanoTime() + KNOWN_WITHIN.toNanos();
        while (description != null
                && description.partitions().size() < partitions
                && System.nanoTime() - deadline < 0) {
            found.putAll(describe(Set.of(state)));
            description = found.get(state);
        }
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
        TopicDescription sink = required(found, topics.sink(), "sink");
        return source.topicId().toString().equals(layout.sourceId())
                && source.partitions().size() == layout.sourcePartitions()
                && (pipeline.stage() != StageKind.COMBINE || sink.partitions().size() == layout.sinkPartitions())
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
                    "The " + role + " topic " + topic + " (" + pipeline.property(role + ".topic") + ") does not exist.",
                    "create it, and the pipeline goes on by itself: kafka-topics.sh --bootstrap-server HOST:PORT --create"
                            + " --topic " + topic + " --partitions 4 --replication-factor 3 (1 on a single broker);"
                            + " or correct the name.");
        }
        return description;
    }

    /** Late records and dead letters keep the partition that they had in the source. */
    private int sidePartitions(Map<String, TopicDescription> found, int partitions) {
        Shuffle shuffle = pipeline.shuffle();
        return shuffle == null || pipeline.stage() == StageKind.COMBINE
                ? partitions
                : required(found, shuffle.source(), "source").partitions().size();
    }

    private void createMissing(
            Map<String, TopicDescription> found, int partitions, int sidePartitions, Map<String, String> sourceConfig) {
        List<NewTopic> missing = new ArrayList<>();
        for (String topic : own()) {
            if (!found.containsKey(topic)) {
                boolean state = topic.equals(pipeline.topics().state());
                missing.add(newTopic(topic, state ? partitions : sidePartitions, sourceConfig));
            }
        }
        if (!missing.isEmpty()) {
            create(missing);
            awaitKnown(found, Set.copyOf(own()));
        }
    }

    private void create(List<NewTopic> missing) {
        if (!pipeline.createTopics()) {
            throw TopicProblemException.waiting(
                    "The topics " + missing.stream().map(NewTopic::name).toList() + " do not exist, and "
                            + pipeline.property("create-topics") + " is false.",
                    "create them: "
                            + missing.stream().map(TopicGuard::described).collect(Collectors.joining("; "))
                            + ". Or set create-topics to true.");
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
                        "allow Create, or create it: " + described(topic) + ".");
            }
        }
    }

    private static String described(NewTopic topic) {
        String settings = topic.configs().entrySet().stream()
                .map(setting -> setting.getKey() + "=" + setting.getValue())
                .sorted()
                .collect(Collectors.joining(", "));
        return topic.name() + " with " + topic.numPartitions() + " partitions and " + settings;
    }

    /** A new topic takes a moment to be known to every broker. */
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
                            + " start anew: " + startAnew());
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

    private String startAnew() {
        Shuffle shuffle = pipeline.shuffle();
        return "reset the offsets of group " + (shuffle == null ? pipeline.groupId() : shuffle.sourceGroup())
                + " where you want to begin, and set " + pipeline.property("state.topic")
                + (shuffle == null ? "" : " and " + pipeline.property("shuffle-topic.name"))
                + " to a new name.";
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
