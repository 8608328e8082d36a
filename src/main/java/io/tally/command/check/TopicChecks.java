package io.tally.command.check;

import io.tally.command.check.Subject.Role;
import io.tally.kafka.client.Permissions;
import io.tally.pipeline.StageKind;
import io.tally.plan.KafkaPipeline;
import io.tally.plan.ShuffleRoute;
import io.tally.plan.cluster.Finding;
import io.tally.plan.cluster.ShuffleRules;
import io.tally.plan.cluster.TopicFacts;
import io.tally.plan.cluster.TopicRules;
import io.tally.setting.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether the topics are there, with the right number of partitions, and keep what is in them. */
final class TopicChecks {
    private final Subject subject;
    private final KafkaPipeline pipeline;
    private final TopicRules rules;
    private final List<Finding> findings = new ArrayList<>();

    private TopicChecks(Subject subject) {
        this.subject = subject;
        pipeline = subject.pipeline();
        rules = new TopicRules(pipeline);
    }

    static List<Finding> of(Subject subject) {
        TopicChecks checks = new TopicChecks(subject);
        subject.topics().forEach(checks::check);
        return checks.findings;
    }

    private void check(String name, Role role) {
        TopicFacts topic = subject.cluster().topic(name);
        if (topic != null) {
            findings.add(Finding.ok(role.text + " topic", name, described(topic)));
            if (topic.config() == null) {
                add(Finding.warning(
                        "settings",
                        name,
                        "The settings of the topic may not be read, so they are not checked"
                                + (role == Role.SOURCE
                                        ? ", and Tally takes it for compacted: each transaction checkpoints all that changed."
                                        : "."),
                        "allow it: " + Permissions.topic("DescribeConfigs", name)));
            }
            checkFound(topic, role);
        } else if (subject.cluster().hiddenTopics().contains(name)) {
            add(Finding.error(
                    role.text + " topic",
                    name,
                    "The topic may not be described.",
                    "allow it: " + Permissions.topic(pipeline, name)));
        } else if (role.isOwn()) {
            toBeCreated(name, role);
        } else {
            add(TopicRules.missing(name, role.text, property(name, role)));
        }
    }

    private void checkFound(TopicFacts topic, Role role) {
        Map<String, String> config = topic.settings();
        int sink = pipeline.topics().sinks().indexOf(topic.name());
        switch (role) {
            case SOURCE -> {
                add(rules.lanes(topic.partitions()));
                add(rules.sourceRetention(config));
            }
            case SINK -> {
                add(rules.rows(sink, config));
                add(rules.sinkRetention(sink, config));
                add(Finding.ok(
                        "readers",
                        topic.name(),
                        "Its readers need isolation.level=read_committed. The default of most clients shows rows that were"
                                + " never committed, and so rows twice."));
            }
            case SHUFFLE -> checkShuffle(topic);
            case LATE, DEAD_LETTER -> add(TopicRules.records(topic.name(), config));
            case STATE -> {
                checkStatePartitions(topic);
                add(rules.statePolicy(config));
            }
        }
    }

    private void checkShuffle(TopicFacts topic) {
        ShuffleRoute shuffle = pipeline.shuffle();
        if (shuffle != null) {
            ShuffleRules forShuffle = new ShuffleRules(pipeline, shuffle);
            add(forShuffle.partitions(topic.partitions()));
            add(forShuffle.policy(topic.settings()));
            add(forShuffle.retention(topic.settings()));
        }
    }

    private void checkStatePartitions(TopicFacts state) {
        TopicFacts source = subject.source();
        ShuffleRoute shuffle = pipeline.shuffle();
        if (source == null) {
            return;
        }
        boolean grows = pipeline.stage() == StageKind.COMBINE && state.partitions() < source.partitions();
        if (!grows || shuffle == null) {
            add(rules.statePartitions(source.partitions(), state.partitions()));
        } else if (pipeline.createTopics()) {
            add(Finding.ok(
                    "partitions",
                    state.name(),
                    "A start adds partitions: it has " + state.partitions() + ", and the source " + source.partitions()
                            + "."));
        } else {
            add(new ShuffleRules(pipeline, shuffle).stateToGrow(source.partitions(), state.partitions()));
        }
    }

    private void toBeCreated(String name, Role role) {
        Integer partitions = subject.partitionsOf(role);
        String missing = "The " + role.text + " topic does not exist";
        if (!pipeline.createTopics()) {
            add(Finding.error(
                    role.text + " topic",
                    name,
                    missing + ", and " + pipeline.property(Setting.CREATE_TOPICS) + " is false.",
                    "create it" + (partitions == null ? "" : " with " + partitions + " partitions")
                            + (role == Role.STATE ? " and cleanup.policy=compact" : "") + ", or set "
                            + pipeline.property(Setting.CREATE_TOPICS) + " to true."));
            return;
        }
        Set<String> allowed = subject.cluster().operations();
        if (allowed != null && !allowed.contains("CREATE")) {
            add(Finding.warning(
                    role.text + " topic",
                    name,
                    missing + ". A start creates it, and this principal may not create topics in general.",
                    "if it is not allowed yet: " + Permissions.topic("Create", name)));
            return;
        }
        add(Finding.ok(
                role.text + " topic",
                name,
                missing + ". A start creates it"
                        + (partitions == null ? "." : " with " + partitions + " partitions.")));
    }

    private String property(String name, Role role) {
        return role == Role.SOURCE
                ? pipeline.property(Setting.SOURCE_TOPIC)
                : pipeline.sinkProperty(
                        Setting.SINK_TOPIC, pipeline.topics().sinks().indexOf(name));
    }

    private static String described(TopicFacts topic) {
        StringBuilder text = new StringBuilder("partitions ")
                .append(topic.partitions())
                .append(", replicas ")
                .append(topic.replication());
        for (String setting : List.of("min.insync.replicas", "cleanup.policy", "retention.ms", "retention.bytes")) {
            String value = topic.settings().get(setting);
            if (value != null) {
                text.append(", ").append(setting).append(' ').append(value);
            }
        }
        return text.toString();
    }

    private void add(@Nullable Finding finding) {
        if (finding != null) {
            findings.add(finding);
        }
    }
}
