package io.tally.config;

import io.tally.config.problem.Problems;
import io.tally.plan.ShuffleDefinition;
import io.tally.plan.Topics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What pipelines must not have in common: the consumer group, whose offsets are one pipeline's progress, and the state
 * topic. They may share or chain all other topics.
 */
final class SharedNames {
    private final Map<String, String> groups = new HashMap<>();
    private final Map<String, String> states = new HashMap<>();
    private final Map<String, String> others = new HashMap<>();

    /**
     * Takes the names that a pipeline has because of its shuffle: those of the merge stage, and the topic between the
     * stages. That topic is private, like state.
     */
    void addShuffle(String pipeline, String groupId, Topics topics, ShuffleDefinition shuffle, Problems problems) {
        String group = groupId + ShuffleDefinition.MERGE_SUFFIX;
        String groupOwner = groups.putIfAbsent(group, pipeline);
        if (groupOwner != null) {
            problems.add(
                    "group-id",
                    groupId,
                    "makes " + group + " the consumer group of the merge, which is that of pipeline " + groupOwner,
                    "tally-" + pipeline);
        }
        for (String topic : List.of(shuffle.topic(), topics.state() + ShuffleDefinition.MERGE_SUFFIX)) {
            String owner = states.containsKey(topic) ? states.get(topic) : others.get(topic);
            if (owner != null) {
                problems.add(
                        topic.equals(shuffle.topic()) ? "shuffle-topic.name" : "state.topic",
                        topic,
                        "is a topic of pipeline " + owner + " too; nothing else may use a shuffle or state topic",
                        null);
            }
            states.put(topic, pipeline);
        }
    }

    /** Takes the names of one more pipeline. Notes a problem for each name that an earlier pipeline has. */
    void add(String pipeline, String groupId, Topics topics, Problems problems) {
        String groupOwner = groups.putIfAbsent(groupId, pipeline);
        if (groupOwner != null) {
            problems.add(
                    "group-id",
                    groupId,
                    "is the consumer group of pipeline " + groupOwner + " too; each needs its own",
                    "tally-" + pipeline);
        }
        TopicNames.of(topics).forEach((role, topic) -> {
            String stateOwner = states.get(topic);
            if (stateOwner != null) {
                problems.add(
                        role + ".topic",
                        topic,
                        "is the state or shuffle topic of pipeline " + stateOwner + ", which nothing else may use",
                        null);
            }
        });
        String user = others.get(topics.state());
        if (user != null) {
            problems.add(
                    "state.topic",
                    topics.state(),
                    "is a topic of pipeline " + user + " too; nothing else may use a state topic",
                    null);
        }
        TopicNames.of(topics).forEach((role, topic) -> (role.equals("state") ? states : others).put(topic, pipeline));
    }
}
