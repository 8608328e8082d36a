package io.tally.command.check;

import io.tally.plan.cluster.ClusterFacts;
import io.tally.plan.cluster.Finding;
import io.tally.plan.cluster.TopicConfigs;
import io.tally.plan.cluster.TopicFacts;
import java.util.ArrayList;
import java.util.List;

/** Whether what was acknowledged outlives the loss of a broker, and whether one that is away stops the pipeline. */
final class ReplicaChecks {
    private final ClusterFacts cluster;
    private final List<Finding> findings = new ArrayList<>();

    private ReplicaChecks(ClusterFacts cluster) {
        this.cluster = cluster;
    }

    static List<Finding> of(Subject subject) {
        ReplicaChecks checks = new ReplicaChecks(subject.cluster());
        if (subject.cluster().brokers() == 1) {
            checks.findings.add(Finding.ok(
                    "brokers",
                    "cluster",
                    "There is a single broker. What it loses is lost, and while it is away the pipeline waits."));
        }
        subject.found().forEach(checks::check);
        checks.internal(ClusterFacts.OFFSETS_TOPIC, "offsets.topic.replication.factor", "what is committed");
        checks.internal(
                ClusterFacts.TRANSACTIONS_TOPIC, "transaction.state.log.replication.factor", "its transactions");
        return checks.findings;
    }

    private void internal(String name, String setting, String use) {
        TopicFacts topic = cluster.topic(name);
        if (topic != null) {
            check(topic);
            return;
        }
        Long wanted = cluster.setting(setting);
        if (cluster.lacks(name) && wanted != null && wanted > cluster.brokers()) {
            findings.add(Finding.error(
                    "replicas",
                    name,
                    "The brokers create this topic at the first use with " + setting + "=" + wanted
                            + ", but there are only " + cluster.brokers() + " of them: without it there is no room for "
                            + use + ".",
                    "start more brokers, or set " + setting + "=" + cluster.brokers()
                            + " (and for a single broker transaction.state.log.min.isr=1) in their configuration."));
        }
    }

    private void check(TopicFacts topic) {
        String name = topic.name();
        int replicas = topic.replication();
        if (topic.withoutLeader() > 0) {
            findings.add(Finding.error(
                    "leaders",
                    name,
                    topic.withoutLeader() + " of its " + topic.partitions() + " partitions have no leader.",
                    "start the brokers that have them."));
        }
        if (cluster.brokers() > 1 && replicas == 1) {
            findings.add(Finding.warning(
                    "replicas",
                    name,
                    "A partition has one replica on a cluster of " + cluster.brokers()
                            + " brokers: with its broker it is away, and lost with its disk.",
                    "add replicas: kafka-reassign-partitions.sh --bootstrap-server HOST:PORT --reassignment-json-file"
                            + " FILE --execute."));
        }
        Long least = TopicConfigs.number(topic.settings(), "min.insync.replicas");
        if (least != null) {
            checkInSync(topic, least);
        }
        if (replicas > 1 && topic.inSync() < replicas && topic.withoutLeader() == 0) {
            findings.add(Finding.warning(
                    "replicas",
                    name,
                    "A partition has " + topic.inSync() + " of " + replicas + " replicas in sync.",
                    "find out why a broker is away or behind."));
        }
        if (replicas > 1 && "true".equals(topic.settings().get("unclean.leader.election.enable"))) {
            findings.add(Finding.warning(
                    "leaders",
                    name,
                    "unclean.leader.election.enable is true: an election may cut off records that were acknowledged.",
                    alter(name, "unclean.leader.election.enable=false")));
        }
    }

    private void checkInSync(TopicFacts topic, long least) {
        int replicas = topic.replication();
        if (topic.inSync() < least) {
            findings.add(Finding.error(
                    "min.insync.replicas",
                    topic.name(),
                    "It is " + least + ", and a partition has " + topic.inSync() + " of " + replicas
                            + " replicas in sync: nothing can be written.",
                    least > replicas
                            ? alter(topic.name(), "min.insync.replicas=" + Math.max(1, replicas - 1))
                            : "start the brokers that are away."));
        } else if (replicas > 1 && least == 1) {
            findings.add(Finding.warning(
                    "min.insync.replicas",
                    topic.name(),
                    "It is 1 with " + replicas
                            + " replicas: a record is acknowledged when a single broker has it, and is lost with that broker.",
                    replicas > 2
                            ? alter(topic.name(), "min.insync.replicas=2")
                            : "use 3 replicas with min.insync.replicas=2."));
        } else if (replicas > 1 && least == replicas) {
            findings.add(Finding.warning(
                    "min.insync.replicas",
                    topic.name(),
                    "It is " + least + ", as many as there are replicas: one broker that is away stops all writes.",
                    replicas > 2
                            ? alter(topic.name(), "min.insync.replicas=" + (replicas - 1))
                            : "use 3 replicas with min.insync.replicas=2."));
        }
    }

    private static String alter(String topic, String setting) {
        return TopicConfigs.alter(topic, setting);
    }
}
