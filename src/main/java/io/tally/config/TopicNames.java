package io.tally.config;

import io.tally.config.problem.Problems;
import io.tally.config.property.PipelineProperties;
import io.tally.config.property.PropertyNames;
import io.tally.config.property.SinkProperties;
import io.tally.plan.Topics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Resolves and checks the names of a pipeline's topics. */
final class TopicNames {
    private static final Pattern LEGAL = Pattern.compile("[a-zA-Z0-9._-]{1,249}");

    private TopicNames() {}

    /** The topics by their role. The role is also the name of the group of properties that has the topic. */
    static Map<String, String> of(Topics topics) {
        Map<String, String> roles = new LinkedHashMap<>();
        roles.put("source", topics.source());
        for (int sink = 0; sink < topics.sinks().size(); sink++) {
            roles.put(PropertyNames.sinkGroup(sink), topics.sinks().get(sink));
        }
        roles.put("late", topics.late());
        roles.put("dead-letter", topics.deadLetter());
        roles.put("state", topics.state());
        return roles;
    }

    /** The topics of a pipeline with their defaults; null if source or sink is missing. */
    static @Nullable Topics resolve(String pipeline, String groupId, PipelineProperties properties, Problems problems) {
        String source = required("source.topic", properties.source().topic(), "the topic to read", problems);
        List<String> sinks = new ArrayList<>();
        List<SinkProperties> all = properties.sinks();
        for (int i = 0; i < all.size(); i++) {
            String property = PropertyNames.sinkGroup(i) + ".topic";
            String sink = required(property, all.get(i).topic(), "the topic for the results", problems);
            if (sink != null) {
                sinks.add(sink);
            }
        }
        if (source == null || sinks.size() < all.size()) {
            return null;
        }
        Topics topics = new Topics(
                source,
                sinks,
                orElse(properties.late().topic(), source + "-" + pipeline + "-late"),
                orElse(properties.deadLetter().topic(), source + "-" + pipeline + "-dlt"),
                orElse(properties.state().topic(), groupId + "-" + source + "-state"));
        Map<String, String> roles = new HashMap<>();
        of(topics).forEach((role, topic) -> {
            String property = role + ".topic";
            checkLegal(property, topic, problems);
            String other = roles.putIfAbsent(topic, role);
            if (other != null) {
                problems.add(
                        property,
                        topic,
                        "is the pipeline's " + other + " topic too; all must be different",
                        topic + "-" + role);
            }
        });
        return topics;
    }

    /** Checks the name of a shuffle topic. */
    static void checkShuffle(String topic, Topics topics, Problems problems) {
        checkLegal("shuffle-topic.name", topic, problems);
        of(topics).forEach((role, other) -> {
            if (other.equals(topic)) {
                problems.add(
                        "shuffle-topic.name", topic, "is the pipeline's " + role + " topic too", topic + "-shuffle");
            }
        });
    }

    /** The name; null if it is missing or cannot be the name of a topic. */
    private static @Nullable String required(
            String property, @Nullable String topic, String meaning, Problems problems) {
        if (topic == null) {
            problems.add(property, null, "is required: " + meaning, "clicks");
            return null;
        }
        return checkLegal(property, topic, problems) ? topic : null;
    }

    private static boolean checkLegal(String property, String topic, Problems problems) {
        boolean legal = LEGAL.matcher(topic).matches() && !topic.equals(".") && !topic.equals("..");
        if (!legal) {
            problems.add(
                    property,
                    topic,
                    "is not a legal topic name: 1 to 249 letters, digits, dots, underscores and hyphens",
                    "clicks");
        }
        return legal;
    }

    private static String orElse(@Nullable String name, String otherwise) {
        return name == null ? otherwise : name;
    }
}
