package io.tally.command.check;

import io.tally.command.frame.Command;
import io.tally.command.frame.CommandInput;
import io.tally.command.frame.CommandOption;
import io.tally.command.frame.ExitCode;
import io.tally.command.recount.RedriveMark;
import io.tally.pipeline.StageKind;
import io.tally.pipeline.log.LogException;
import io.tally.pipeline.log.LogReader;
import io.tally.plan.KafkaPipeline;
import io.tally.plan.PipelineDefinition;
import io.tally.plan.cluster.ClusterFacts;
import io.tally.plan.cluster.ClusterReader;
import io.tally.plan.cluster.Finding;
import io.tally.plan.cluster.Finding.Severity;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Compares the configuration with the cluster, and says what a start would do. */
public final class Check implements Command {
    /** Stands for the instances that will run: their ids begin alike. */
    static final String INSTANCE = "check";

    @Override
    public String name() {
        return "check";
    }

    @Override
    public String summary() {
        return "Compares the configuration with the cluster, and says what a start would do";
    }

    @Override
    public String details() {
        return "It looks at topics, replicas, limits of the brokers, permissions, the group, clocks and what is committed."
                + "\nExit code 1 means that there is an error: the pipeline, or a partition of it, would not work.";
    }

    @Override
    public List<CommandOption> options() {
        return List.of(CommandOption.flag("problems", "only warnings and errors"));
    }

    @Override
    public ExitCode run(CommandInput input) {
        PipelineDefinition definition = input.pipeline();
        ClientLimits clients = ClientLimits.of(input.access().clients(definition));
        List<KafkaPipeline> stages = definition.on(INSTANCE, input.access().startsAtEnd(definition));
        // A topic that two stages use is the same finding twice.
        Set<Finding> findings = new LinkedHashSet<>();
        definition
                .warnings()
                .forEach(warning ->
                        findings.add(new Finding(Severity.WARNING, "settings", definition.name(), warning, null)));
        try (ClusterReader reader = input.access().cluster(definition);
                LogReader log = input.access().log(definition)) {
            ClusterFacts cluster = reader.facts(question(stages));
            for (KafkaPipeline stage : stages) {
                Subject subject = new Subject(stage, clients, cluster);
                findings.addAll(rules(subject));
                findings.addAll(StartChecks.of(subject, starts(input, subject, log, findings)));
            }
        }
        new Report(definition, List.copyOf(findings))
                .print(input.output(), input.arguments().has("problems"));
        return findings.stream().anyMatch(finding -> finding.severity() == Severity.ERROR)
                ? ExitCode.FOUND
                : ExitCode.GOOD;
    }

    /** What the rules want to know of the stages of a pipeline. */
    static ClusterReader.Question question(List<KafkaPipeline> stages) {
        Set<String> topics = new HashSet<>();
        Set<String> clocks = new HashSet<>();
        Set<String> groups = new HashSet<>();
        Set<String> ids = new HashSet<>();
        for (KafkaPipeline stage : stages) {
            topics.addAll(Subject.topics(stage).keySet());
            if (stage.shuffle() != null) {
                topics.add(stage.shuffle().source());
            }
            clocks.add(stage.topics().source());
            clocks.add(stage.topics().state());
            groups.add(stage.groupId());
            ids.add(stage.transactionalId(0));
            if (stage.stage() == StageKind.DIRECT) {
                groups.add(RedriveMark.group(stage.groupId()));
                ids.add(RedriveMark.transactionalId(stage.groupId()));
            }
        }
        return new ClusterReader.Question(topics, clocks, groups, ids);
    }

    /** All rules that need nothing but the facts. */
    static List<Finding> rules(Subject subject) {
        List<Finding> findings = new ArrayList<>(TopicChecks.of(subject));
        findings.addAll(ReplicaChecks.of(subject));
        findings.addAll(LimitChecks.of(subject));
        findings.addAll(AccessChecks.of(subject));
        findings.addAll(GroupChecks.of(subject));
        findings.addAll(ClockChecks.of(subject));
        return findings;
    }

    private static List<PartitionStart> starts(
            CommandInput input, Subject subject, LogReader log, Set<Finding> findings) {
        KafkaPipeline stage = subject.pipeline();
        input.output().progress().begin("partitions of " + stage.topics().source(), 0);
        try {
            return new StartLook(stage, subject.cluster(), log)
                    .starts(input.output().progress()::add);
        } catch (LogException e) {
            findings.add(Finding.error(
                    "start",
                    stage.topics().source(),
                    "What is committed cannot be looked at: " + e.getMessage() + ".",
                    "see the permissions and topics above; then check again."));
            return List.of();
        }
    }
}
