package io.tally.kafka.topic;

import io.tally.pipeline.StageKind;
import io.tally.plan.KafkaPipeline;
import io.tally.plan.ShuffleRoute;
import io.tally.plan.Topics;
import io.tally.plan.cluster.Finding;
import io.tally.plan.cluster.TopicConfigs;
import io.tally.plan.cluster.TopicRules;
import io.tally.setting.Setting;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;

/**
 * Checks a pipeline's topics before it starts. Source and sink must exist. Missing late, dead-letter and state topics
 * are created. The state topic must be compacted and have as many partitions as the source. Existing topics are never
 * altered. While the pipeline runs, it checks whether they are still the same.
 */
public final class TopicGuard {
    private static final long DEFAULT_MAX_BYTES = 1_048_588;
    /**
     * A dead letter is its source record plus headers, so a topic that Tally creates accepts records larger by this
     * than the source's.
     */
    private static final long HEADER_ROOM = 64 * 1024;

    private final TopicAdmin admin;
    private final TopicRules rules;
    private final KafkaPipeline pipeline;
    private final @Nullable ShuffleTopicGuard shuffles;
    private final long maxRequestBytes;

    public TopicGuard(Admin admin, KafkaPipeline pipeline, long maxRequestBytes) {
        this.admin = new TopicAdmin(admin, pipeline);
        this.pipeline = pipeline;
        rules = new TopicRules(pipeline);
        ShuffleRoute shuffle = pipeline.shuffle();
        shuffles = shuffle == null ? null : new ShuffleTopicGuard(this.admin, pipeline, shuffle);
        this.maxRequestBytes = maxRequestBytes;
    }

    /**
     * Checks the topics and creates missing ones.
     *
     * @throws TopicProblemException if something is missing or wrong
     */
    public TopicLayout check() {
        Topics topics = pipeline.topics();
        Map<String, TopicDescription> found = admin.describe(all());
        if (shuffles != null) {
            shuffles.ensure(found);
        }
        TopicDescription source = source(found);
        List<TopicDescription> sinks = sinks(found);
        int partitions = source.partitions().size();
        Finding lanes = rules.lanes(partitions);
        if (lanes != null) {
            throw TopicProblemException.contradiction(lanes);
        }
        Map<String, String> sourceConfig = admin.config(topics.source());
        checkRows(true);
        Map<String, String> sideConfig = pipeline.shuffle() == null
                ? sourceConfig
                : admin.config(pipeline.shuffle().source());
        createMissing(found, partitions, sidePartitions(found, partitions), sideConfig);
        if (shuffles != null && pipeline.stage() == StageKind.COMBINE) {
            shuffles.growState(found, partitions);
        }
        checkState(found.get(topics.state()), partitions, true);
        SideTopic late = sideTopic(found, topics.late(), partitions);
        SideTopic deadLetter = sideTopic(found, topics.deadLetter(), partitions);
        admin.warn(rules.sourceRetention(sourceConfig));
        return new TopicLayout(
                source.topicId().toString(),
                partitions,
                sinks.get(0).partitions().size(),
                isCompacted(sourceConfig),
                TopicConfigs.hasAppendTime(sourceConfig),
                late,
                deadLetter);
    }

    private Set<String> all() {
        Topics topics = pipeline.topics();
        Set<String> all = new HashSet<>(own());
        all.add(topics.source());
        all.addAll(topics.sinks());
        if (pipeline.shuffle() != null) {
            all.add(pipeline.shuffle().source());
        }
        return all;
    }

    /** The topics that Tally may create, except a shuffle topic. Source and sink belong to others. */
    private List<String> own() {
        Topics topics = pipeline.topics();
        return List.of(topics.late(), topics.deadLetter(), topics.state());
    }

    /**
     * Looks again at the topics of a running pipeline.
     *
     * @return whether they still are those of the layout, as far as the lanes go by it
     * @throws TopicProblemException if one is gone, or would lose what it holds
     */
    public boolean isUnchanged(TopicLayout layout) {
        Topics topics = pipeline.topics();
        Set<String> looked = new HashSet<>(own());
        looked.addAll(topics.sinks());
        looked.add(topics.source());
        Map<String, TopicDescription> found = admin.describe(looked);
        TopicDescription source = source(found);
        TopicDescription sink = sinks(found).get(0);
        boolean unchanged = source.topicId().toString().equals(layout.sourceId())
                && source.partitions().size() == layout.sourcePartitions()
                && (pipeline.stage() != StageKind.COMBINE || sink.partitions().size() == layout.sinkPartitions())
                && isCompacted(admin.config(topics.source(), false)) == layout.compactedSource();
        if (!unchanged) {
            return false;
        }
        checkRows(false);
        for (String topic : own()) {
            if (!found.containsKey(topic)) {
                throw TopicProblemException.waiting(
                        "The topic " + topic + " does not exist any more.",
                        topic.equals(topics.state())
                                ? "restore it from a backup. Without it no partition can be restored; then start anew: "
                                        + rules.startAnew()
                                : "create it again as it was; partitions that have records for it wait until then.");
            }
        }
        checkState(found.get(topics.state()), layout.sourcePartitions(), false);
        return isUnchanged(layout.late(), found) && isUnchanged(layout.deadLetter(), found);
    }

    private boolean isUnchanged(SideTopic known, Map<String, TopicDescription> found) {
        Map<String, String> config = admin.config(known.name(), false);
        TopicProblemException.throwIf(TopicRules.records(known.name(), config));
        SideTopic now = sideTopic(found, known.name(), known.partitions(), config);
        // While its configuration may not be read, nobody knows how much it takes.
        return now.partitions() == known.partitions() && (config.isEmpty() || now.maxBytes() == known.maxBytes());
    }

    /** If the configuration may not be read, the source counts as compacted. */
    private static boolean isCompacted(Map<String, String> sourceConfig) {
        return sourceConfig
                .getOrDefault(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT)
                .contains(TopicConfig.CLEANUP_POLICY_COMPACT);
    }

    private TopicDescription source(Map<String, TopicDescription> found) {
        return required(found, pipeline.topics().source(), "source", pipeline.property(Setting.SOURCE_TOPIC));
    }

    private List<TopicDescription> sinks(Map<String, TopicDescription> found) {
        List<String> topics = pipeline.topics().sinks();
        List<TopicDescription> sinks = new ArrayList<>();
        for (int sink = 0; sink < topics.size(); sink++) {
            sinks.add(required(found, topics.get(sink), "sink", pipeline.sinkProperty(Setting.SINK_TOPIC, sink)));
        }
        return sinks;
    }

    /**
     * Checks that all sinks keep their rows. The shuffle topic has none.
     *
     * @param atStart whether it is also told what may be wrong
     */
    private void checkRows(boolean atStart) {
        List<String> topics = pipeline.stage() == StageKind.COMBINE
                ? List.of()
                : pipeline.topics().sinks();
        for (int sink = 0; sink < topics.size(); sink++) {
            Map<String, String> config = admin.config(topics.get(sink), atStart);
            TopicProblemException.throwIf(rules.rows(sink, config));
            if (atStart) {
                admin.warn(rules.sinkRetention(sink, config));
            }
        }
    }

    private TopicDescription required(Map<String, TopicDescription> found, String topic, String role, String property) {
        TopicDescription description = found.get(topic);
        if (description == null) {
            throw pipeline.shuffle() != null && topic.equals(pipeline.shuffle().topic())
                    ? TopicProblemException.waiting(
                            "The shuffle topic " + topic + " does not exist any more: what was not merged is lost.",
                            "start anew: " + rules.startAnew())
                    : TopicProblemException.waiting(TopicRules.missing(topic, role, property));
        }
        return description;
    }

    /**
     * The number of partitions of a side topic: late records and dead letters keep the partition that they had in the
     * source.
     */
    private int sidePartitions(Map<String, TopicDescription> found, int partitions) {
        return shuffles == null ? partitions : shuffles.sourcePartitions(found);
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
            admin.create(missing, found);
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

    /** @param atStart whether it is also told that its configuration may not be read */
    private void checkState(@Nullable TopicDescription state, int partitions, boolean atStart) {
        String topic = pipeline.topics().state();
        if (state == null) {
            throw new IllegalStateException("the state topic " + topic + " was neither found nor created");
        }
        TopicProblemException.throwIf(
                rules.statePartitions(partitions, state.partitions().size()));
        TopicProblemException.throwIf(rules.statePolicy(admin.config(topic, atStart)));
    }

    private SideTopic sideTopic(Map<String, TopicDescription> found, String topic, int partitions) {
        Map<String, String> config = admin.config(topic);
        TopicProblemException.throwIf(TopicRules.records(topic, config));
        return sideTopic(found, topic, partitions, config);
    }

    private SideTopic sideTopic(
            Map<String, TopicDescription> found, String topic, int partitions, Map<String, String> config) {
        TopicDescription description = found.get(topic);
        int count = description == null ? partitions : description.partitions().size();
        return new SideTopic(topic, count, Math.min(maxRequestBytes, maxBytes(config)));
    }

    private static long maxBytes(Map<String, String> config) {
        String value = config.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
        return value == null ? DEFAULT_MAX_BYTES : Long.parseLong(value);
    }
}
