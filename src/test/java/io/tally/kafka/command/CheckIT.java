package io.tally.kafka.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.command.CommandRun;
import io.tally.command.Commands;
import io.tally.command.check.Check;
import io.tally.command.frame.ExitCode;
import io.tally.testkafka.Answers;
import io.tally.testkafka.BrokerAccess;
import io.tally.testkafka.Instance;
import io.tally.testkafka.TestBed;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AccessControlEntryFilter;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** The command {@code check} on a broker: a good set-up, before, during and after a run, and a broken one. */
class CheckIT {
    @RegisterExtension
    final TestBed bed = new TestBed(2);

    private CommandRun check() {
        return CommandRun.of(
                new Check(), bed.pipeline.definition(bed.groupId(), bed.topics()), new BrokerAccess(bed), "--json");
    }

    /** The findings of a severity, in a line each. */
    private static String lines(CommandRun run, String severity) {
        return StreamSupport.stream(run.json().get("findings").spliterator(), false)
                .filter(finding -> finding.get("severity").asString().equals(severity))
                .map(JsonNode::toString)
                .collect(Collectors.joining("\n"));
    }

    @Test
    void findsNothingWrongWithAGoodSetUp() {
        CommandRun before = check();
        assertThat(lines(before, "error")).isEmpty();
        assertThat(lines(before, "warning")).isEmpty();
        assertThat(before.code()).isEqualTo(ExitCode.GOOD);
        assertThat(lines(before, "ok"))
                .contains(
                        "The state topic does not exist. A start creates it with 2 partitions",
                        "A start begins with the beginning of partitions 0, 1: 0 offsets to read",
                        "There is a single broker",
                        "No lane of the pipeline is at work",
                        "This principal may do what the pipeline needs");
        assertThat(Answers.get(bed.admin().listTopics().names()))
                .as("a check creates nothing")
                .doesNotContain(bed.topics().state());

        Instance instance = bed.started("a");
        bed.input().random(200, 10_000);
        bed.awaitProcessed();
        CommandRun during = check();
        assertThat(lines(during, "error")).isEmpty();
        assertThat(lines(during, "ok"))
                .contains(
                        "lanes of the pipeline are at work, on 2 partitions",
                        "A start resumes partitions 0, 1",
                        "may change after a clean stop");
        instance.stop();

        CommandRun after = check();
        assertThat(after.code()).isEqualTo(ExitCode.GOOD);
        assertThat(lines(after, "ok"))
                .contains(
                        "A start resumes partitions 0, 1: 0 offsets to replay for open windows, 0 not counted yet",
                        "It counts as what is committed was counted. Format, missing values, timestamp, filter and grace"
                                + " may change now");
    }

    @Test
    void findsWhatIsBroken() {
        bed.started("a");
        bed.input().random(200, 10_000);
        bed.awaitProcessed();
        bed.stopAll();
        bed.pipeline.fingerprint("another", "replay");
        set(bed.topics().sink(), "cleanup.policy", "compact");
        set(bed.topics().state(), "cleanup.policy", "compact,delete");
        set(bed.topics().source(), "retention.ms", "6999");
        deny(ResourceType.TOPIC, bed.topics().late(), AclOperation.WRITE);
        deny(ResourceType.TRANSACTIONAL_ID, bed.groupId() + ":check:0", AclOperation.DESCRIBE);
        try {
            CommandRun run = check();
            assertThat(run.code()).isEqualTo(ExitCode.FOUND);
            assertThat(lines(run, "error").lines())
                    .hasSize(6)
                    .anyMatch(line ->
                            line.contains("The sink topic " + bed.topics().sink() + " has cleanup.policy=compact"))
                    .anyMatch(line ->
                            line.contains("The state topic " + bed.topics().state() + " has cleanup.policy"))
                    .anyMatch(line -> line.contains("may not Write the late topic"))
                    .anyMatch(line -> line.contains("may not describe them (asked for " + bed.groupId() + ":check:0"))
                    .anyMatch(line ->
                            line.contains(bed.source(0) + " windows are open that were counted with another key"))
                    .anyMatch(line ->
                            line.contains(bed.source(1) + " windows are open that were counted with another key"));
            assertThat(lines(run, "warning")).contains("retention.ms=6999");
        } finally {
            allow(ResourceType.TOPIC, bed.topics().late());
            allow(ResourceType.TRANSACTIONAL_ID, bed.groupId() + ":check:0");
        }
    }

    /** As from the command line: the whole way from arguments to the exit code. */
    @Test
    void runsFromTheCommandLine() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        ExitCode code = new Commands(new PrintStream(out, true), new PrintStream(err, true))
                .run(List.of(
                        "check",
                        "--spring.kafka.bootstrap-servers=" + bed.bootstrap(),
                        "--tally.pipelines.ip-count.group-id=" + bed.groupId(),
                        "--tally.pipelines.ip-count.source.topic="
                                + bed.topics().source(),
                        "--tally.pipelines.ip-count.sink.topic=no-such-sink"));
        String text = out.toString(StandardCharsets.UTF_8);
        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(text)
                .startsWith("error    sink topic           no-such-sink: The sink topic no-such-sink"
                        + " (tally.pipelines.ip-count.sink.topic) does not exist.")
                .contains("  fix:               create it", "Pipeline ip-count: 1 error, 0 warnings");
        assertThat(code).isEqualTo(ExitCode.FOUND);
    }

    private void set(String topic, String name, String value) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        Answers.get(bed.admin()
                .incrementalAlterConfigs(Map.of(
                        resource, List.of(new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET))))
                .all());
    }

    private void deny(ResourceType type, String name, AclOperation operation) {
        Answers.get(bed.admin()
                .createAcls(List.of(
                        acl(type, name, AclOperation.ALL, AclPermissionType.ALLOW),
                        acl(type, name, operation, AclPermissionType.DENY)))
                .all());
    }

    private void allow(ResourceType type, String name) {
        Answers.get(bed.admin()
                .deleteAcls(List.of(new AclBindingFilter(
                        new ResourcePattern(type, name, PatternType.LITERAL).toFilter(), AccessControlEntryFilter.ANY)))
                .all());
    }

    private static AclBinding acl(
            ResourceType type, String name, AclOperation operation, AclPermissionType permission) {
        return new AclBinding(
                new ResourcePattern(type, name, PatternType.LITERAL),
                new AccessControlEntry("User:ANONYMOUS", "*", operation, permission));
    }
}
