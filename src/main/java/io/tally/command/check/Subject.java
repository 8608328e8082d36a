package io.tally.command.check;

import io.tally.pipeline.StageKind;
import io.tally.plan.KafkaPipeline;
import io.tally.plan.ShuffleRoute;
import io.tally.plan.cluster.ClusterFacts;
import io.tally.plan.cluster.TopicFacts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A pipeline, or a stage of one, with the facts about its cluster.
 *
 * @param clients what its clients are set to
 */
record Subject(KafkaPipeline pipeline, ClientLimits clients, ClusterFacts cluster) {
    /** What a stage does with a topic. */
    enum Role {
        SOURCE("source"),
        SINK("sink"),
        SHUFFLE("shuffle"),
        LATE("late"),
        DEAD_LETTER("dead-letter"),
        STATE("state");

        final String text;

        Role(String text) {
            this.text = text;
        }

        /** Whether Tally creates it if it is missing. */
        boolean isOwn() {
            return this != SOURCE && this != SINK;
        }
    }

    /** The topics of the stage, in the order in which a record passes them. */
    Map<String, Role> topics() {
        return topics(pipeline);
    }

    static Map<String, Role> topics(KafkaPipeline pipeline) {
        Map<String, Role> topics = new LinkedHashMap<>();
        topics.put(pipeline.topics().source(), pipeline.stage() == StageKind.MERGE ? Role.SHUFFLE : Role.SOURCE);
        for (String sink : pipeline.topics().sinks()) {
            topics.put(sink, pipeline.stage() == StageKind.COMBINE ? Role.SHUFFLE : Role.SINK);
        }
        topics.put(pipeline.topics().late(), Role.LATE);
        topics.put(pipeline.topics().deadLetter(), Role.DEAD_LETTER);
        topics.put(pipeline.topics().state(), Role.STATE);
        return topics;
    }

    /** The topics of the stage that exist and may be described. */
    List<TopicFacts> found() {
        List<TopicFacts> found = new ArrayList<>();
        topics().keySet().forEach(name -> {
            TopicFacts topic = cluster.topic(name);
            if (topic != null) {
                found.add(topic);
            }
        });
        return found;
    }

    @Nullable
    TopicFacts source() {
        return cluster.topic(pipeline.topics().source());
    }

    /** How many partitions a topic has that Tally would create; null if that is not known yet. */
    @Nullable
    Integer partitionsOf(Role role) {
        ShuffleRoute shuffle = pipeline.shuffle();
        TopicFacts shuffled = shuffle == null ? null : cluster.topic(shuffle.source());
        if (role == Role.SHUFFLE && shuffle != null && shuffle.partitions() != null) {
            return shuffle.partitions();
        }
        TopicFacts like = shuffle != null && role != Role.STATE ? shuffled : source();
        return like == null ? null : Integer.valueOf(like.partitions());
    }
}
