package io.tally.command.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.command.CommandRun;
import io.tally.command.check.Subject.Role;
import io.tally.plan.KafkaPipeline;
import io.tally.plan.PipelineDefinition;
import io.tally.plan.cluster.ClusterFacts;
import io.tally.plan.cluster.Finding;
import io.tally.plan.cluster.Finding.Severity;
import io.tally.plan.cluster.GroupFacts;
import io.tally.plan.cluster.GroupFacts.Member;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every rule about a cluster: a good one has no problems, and each thing that is spoilt is found, alone. */
class CheckRulesTest {
    private static final PipelineDefinition PLAIN = CommandRun.pipeline("--tally.pipelines.ip-count.lanes=2");
    private static final PipelineDefinition SHUFFLED = CommandRun.pipeline(
            "--tally.pipelines.ip-count.shuffle=always", "--tally.pipelines.ip-count.shuffle-topic.partitions=4");

    private static final KafkaPipeline DIRECT = PLAIN.on("check", false).get(0);
    private static final KafkaPipeline COMBINE = SHUFFLED.on("check", false).get(0);
    private static final KafkaPipeline MERGE = SHUFFLED.on("check", false).get(1);

    /**
     * A cluster that is spoilt in one way.
     *
     * @param what the subject of the finding
     * @param parts what the finding says, its fix included
     */
    record Case(
            String name,
            KafkaPipeline pipeline,
            Consumer<Cluster> spoil,
            Severity severity,
            String what,
            List<String> parts) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Case error(String name, Consumer<Cluster> spoil, String what, String... parts) {
        return new Case(name, DIRECT, spoil, Severity.ERROR, what, List.of(parts));
    }

    private static Case warning(String name, Consumer<Cluster> spoil, String what, String... parts) {
        return new Case(name, DIRECT, spoil, Severity.WARNING, what, List.of(parts));
    }

    private static Consumer<Cluster> set(Role role, String setting, String value) {
        return cluster -> cluster.set(cluster.name(role), setting, value);
    }

    private static Consumer<Cluster> shape(Role role, int partitions, int replication, int inSync, int leaderless) {
        return cluster -> cluster.shape(cluster.name(role), partitions, replication, inSync, leaderless);
    }

    private static Consumer<Cluster> allowed(Role role, String... operations) {
        return cluster -> cluster.allowed(cluster.name(role), operations);
    }

    private static void broker(Cluster cluster, String setting, String value) {
        if (cluster.settings != null) {
            cluster.settings.put(setting, value);
        }
    }

    static Stream<Case> topics() {
        return Stream.of(
                error(
                        "no source",
                        cluster -> {
                            cluster.without(cluster.name(Role.SOURCE));
                        },
                        "source topic",
                        "The source topic ip_count_source (tally.pipelines.ip-count.source.topic) does not exist",
                        "kafka-topics.sh"),
                error(
                        "no sink",
                        cluster -> cluster.without(cluster.name(Role.SINK)),
                        "sink topic",
                        "tally.pipelines.ip-count.sink.topic"),
                error(
                        "a hidden topic",
                        cluster -> {
                            cluster.without(cluster.name(Role.LATE));
                            cluster.hidden.add(cluster.name(Role.LATE));
                        },
                        "late topic",
                        "may not be described",
                        "kafka-acls.sh",
                        "--topic ip_count_source-ip-count-late"),
                error(
                        "fewer partitions than lanes",
                        shape(Role.SOURCE, 1, 3, 3, 0).andThen(shape(Role.STATE, 1, 3, 3, 0)),
                        "lanes",
                        "lanes is 2",
                        "set it to 1"),
                error(
                        "another number of state partitions",
                        shape(Role.STATE, 3, 3, 3, 0),
                        "partitions",
                        "has 4 partitions, but the state topic",
                        "has 3"),
                error(
                        "state that is deleted",
                        set(Role.STATE, "cleanup.policy", "compact,delete"),
                        "cleanup.policy",
                        "so the broker deletes state",
                        "--add-config cleanup.policy=compact"),
                error(
                        "a compacted sink",
                        set(Role.SINK, "cleanup.policy", "compact"),
                        "cleanup.policy",
                        "compaction keeps the last",
                        "sink.key=window-and-key"),
                error(
                        "compacted dead letters",
                        set(Role.DEAD_LETTER, "cleanup.policy", "compact"),
                        "cleanup.policy",
                        "those without a key are refused"),
                warning(
                        "a short source",
                        set(Role.SOURCE, "retention.ms", "1"),
                        "retention.ms",
                        "retention.ms=1, which is less than"),
                warning(
                        "a short sink",
                        set(Role.SINK, "retention.ms", "1"),
                        "retention.ms",
                        "before the next ones come"),
                warning(
                        "hidden settings",
                        cluster -> cluster.unreadable(cluster.name(Role.SOURCE)),
                        "settings",
                        "takes it for compacted",
                        "DescribeConfigs"),
                warning(
                        "topics that may not be created",
                        cluster -> {
                            cluster.without(cluster.name(Role.STATE));
                            cluster.operations = Set.of("DESCRIBE");
                        },
                        "state topic",
                        "may not create topics",
                        "--operation Create"),
                new Case(
                        "another number of shuffle partitions",
                        COMBINE,
                        shape(Role.SHUFFLE, 5, 3, 3, 0),
                        Severity.ERROR,
                        "partitions",
                        List.of("shuffle-topic.partitions is 4", "has 5")),
                new Case(
                        "a compacted shuffle",
                        COMBINE,
                        set(Role.SHUFFLE, "cleanup.policy", "compact"),
                        Severity.ERROR,
                        "cleanup.policy",
                        List.of("never merged")),
                new Case(
                        "a shuffle of a limited age",
                        COMBINE,
                        set(Role.SHUFFLE, "retention.ms", "1000"),
                        Severity.WARNING,
                        "retention.ms",
                        List.of("retention.ms=1000", "set it to -1")),
                new Case(
                        "a shuffle of a limited size",
                        COMBINE,
                        set(Role.SHUFFLE, "retention.bytes", "1000"),
                        Severity.WARNING,
                        "retention.bytes",
                        List.of("retention.bytes=1000", "set it to -1")));
    }

    static Stream<Case> replicas() {
        return Stream.of(
                error("no leader", shape(Role.SOURCE, 4, 3, 3, 2), "leaders", "2 of its 4 partitions"),
                warning(
                        "one replica",
                        cluster -> {
                            cluster.shape(cluster.name(Role.STATE), 4, 1, 1, 0);
                            cluster.set(cluster.name(Role.STATE), "min.insync.replicas", "1");
                        },
                        "replicas",
                        "on a cluster of 3 brokers"),
                warning(
                        "one in sync is enough",
                        set(Role.SINK, "min.insync.replicas", "1"),
                        "min.insync.replicas",
                        "lost with that broker",
                        "min.insync.replicas=2"),
                warning(
                        "all must be in sync",
                        set(Role.SINK, "min.insync.replicas", "3"),
                        "min.insync.replicas",
                        "stops all writes",
                        "min.insync.replicas=2"),
                error(
                        "more must be in sync than there are",
                        set(Role.SINK, "min.insync.replicas", "4"),
                        "min.insync.replicas",
                        "nothing can be written"),
                warning("a replica is behind", shape(Role.SINK, 4, 3, 2, 0), "replicas", "2 of 3 replicas in sync"),
                warning(
                        "unclean elections",
                        set(Role.SOURCE, "unclean.leader.election.enable", "true"),
                        "leaders",
                        "cut off records"),
                warning(
                        "transactions with one replica in sync",
                        cluster -> cluster.set(ClusterFacts.TRANSACTIONS_TOPIC, "min.insync.replicas", "1"),
                        "min.insync.replicas",
                        "lost with that broker"),
                error(
                        "no room for transactions",
                        cluster -> {
                            cluster.without(ClusterFacts.TRANSACTIONS_TOPIC);
                            broker(cluster, "transaction.state.log.replication.factor", "5");
                        },
                        "replicas",
                        "there are only 3 of them",
                        "transaction.state.log.replication.factor=3"));
    }

    static Stream<Case> limits() {
        return Stream.of(
                error(
                        "transactions that take too long",
                        cluster -> broker(cluster, "transaction.max.timeout.ms", "9999"),
                        "transactions",
                        "no transaction can begin",
                        "9999 or less"),
                warning(
                        "offsets that expire within a day",
                        cluster -> broker(cluster, "offsets.retention.minutes", "1439"),
                        "offsets",
                        "a start is refused"),
                warning(
                        "ids that are forgotten at once",
                        cluster -> broker(cluster, "transactional.id.expiration.ms", "59999"),
                        "transactions",
                        "forget an id"),
                warning(
                        "brokers that hide their settings",
                        cluster -> cluster.settings = null,
                        "settings",
                        "may not be read"),
                warning(
                        "a sink for smaller records",
                        set(Role.SINK, "max.message.bytes", "1000"),
                        "max.message.bytes",
                        "a larger one stops its partition"),
                warning(
                        "dead letters larger than their topic takes",
                        set(Role.DEAD_LETTER, "max.message.bytes", "1000"),
                        "max.message.bytes",
                        "a larger one is cut"),
                warning(
                        "a clock ahead",
                        cluster -> cluster.newest.put(cluster.name(Role.SOURCE), Cluster.NOW + 5_001),
                        "clock",
                        "5001 ms in the future",
                        "NTP"));
    }

    static Stream<Case> access() {
        return Stream.of(
                error(
                        "may not read the source",
                        allowed(Role.SOURCE, "DESCRIBE"),
                        "permissions",
                        "may not Read the source",
                        "--operation Read --topic ip_count_source"),
                error("may not write the sink", allowed(Role.SINK, "READ"), "permissions", "may not Write the sink"),
                error("may not write late", allowed(Role.LATE, "READ"), "permissions", "the late topic"),
                error("may not read state", allowed(Role.STATE, "WRITE"), "permissions", "may not Read the state"),
                error(
                        "may not read the group",
                        cluster -> cluster.groups.put(
                                cluster.pipeline.groupId(),
                                new GroupFacts(
                                        cluster.pipeline.groupId(), true, true, "", List.of(), Set.of("DESCRIBE"))),
                        "permissions",
                        "may not read the group"),
                error(
                        "may not see the group",
                        cluster -> cluster.groups.put(
                                cluster.pipeline.groupId(), GroupFacts.hidden(cluster.pipeline.groupId())),
                        "permissions",
                        "may not describe the group"),
                error(
                        "may not use transactional ids",
                        cluster -> cluster.deniedIds.add(cluster.pipeline.transactionalId(0)),
                        "permissions",
                        "--transactional-id " + DIRECT.groupId() + ": --resource-pattern-type prefixed"),
                warning(
                        "redrive may not read late records",
                        allowed(Role.LATE, "WRITE"),
                        "permissions",
                        "the command redrive cannot run",
                        "--operation Read --topic ip_count_source-ip-count-late"),
                warning(
                        "redrive may not commit",
                        cluster -> cluster.groups.put(
                                DIRECT.groupId() + "-redrive", GroupFacts.hidden(DIRECT.groupId() + "-redrive")),
                        "permissions",
                        "may not Read the group",
                        "--operation Read --group " + DIRECT.groupId() + "-redrive"),
                warning(
                        "redrive may not write in transactions",
                        cluster -> cluster.deniedIds.add(DIRECT.groupId() + ":redrive"),
                        "permissions",
                        "may not use the transactional id " + DIRECT.groupId() + ":redrive"),
                new Case(
                        "may not empty the shuffle",
                        MERGE,
                        allowed(Role.SHUFFLE, "READ"),
                        Severity.WARNING,
                        "permissions",
                        List.of("so it grows")),
                error(
                        "a stranger in the group",
                        cluster -> cluster.members(new Member("somebody", "/10.0.0.1", 2)),
                        "members",
                        "somebody at /10.0.0.1"),
                warning(
                        "another protocol",
                        cluster -> {
                            cluster.members(new Member("tally-ip-count-0", "/10.0.0.1", 4));
                            cluster.clients = new ClientLimits(1_048_576, 10_000, "consumer");
                        },
                        "protocol",
                        "use the protocol classic"));
    }

    @ParameterizedTest
    @MethodSource({"topics", "replicas", "limits", "access"})
    void findsWhatIsSpoilt(Case spoilt) {
        Cluster cluster = new Cluster(spoilt.pipeline());
        spoilt.spoil().accept(cluster);

        List<Finding> problems = problems(cluster);

        assertThat(problems).as("problems").hasSize(1);
        Finding found = problems.get(0);
        assertThat(found.severity()).isEqualTo(spoilt.severity());
        assertThat(found.what()).isEqualTo(spoilt.what());
        assertThat(found.text() + " " + found.remedy()).contains(spoilt.parts());
        assertThat(found.remedy()).as("what to do").isNotBlank();
    }

    private static List<Finding> problems(Cluster cluster) {
        return Check.rules(cluster.subject()).stream()
                .filter(finding -> finding.severity() != Severity.OK)
                .toList();
    }

    @Test
    void findsNothingWrongWithAGoodCluster() {
        for (KafkaPipeline pipeline : List.of(DIRECT, COMBINE, MERGE)) {
            Cluster cluster = new Cluster(pipeline);
            assertThat(problems(cluster)).as(pipeline.name()).isEmpty();
            assertThat(Check.rules(cluster.subject()))
                    .extracting(Finding::what)
                    .contains("state topic", "transactions", "permissions", "members");
        }
    }

    /** A single broker has no replicas to complain of. */
    @Test
    void leavesASingleBrokerAlone() {
        Cluster cluster = new Cluster(DIRECT);
        cluster.brokers = 1;
        List.copyOf(cluster.topics.values()).forEach(topic -> {
            cluster.set(topic.name(), "min.insync.replicas", "1");
            cluster.shape(topic.name(), topic.partitions(), 1, 1, 0);
        });

        assertThat(problems(cluster)).isEmpty();
        assertThat(Check.rules(cluster.subject()))
                .extracting(Finding::text)
                .anyMatch(text -> text.contains("There is a single broker"));
    }
}
