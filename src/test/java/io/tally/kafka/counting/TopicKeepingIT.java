package io.tally.kafka.counting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tally.testkafka.Answers;
import io.tally.testkafka.Input;
import io.tally.testkafka.Instance;
import io.tally.testkafka.TestBed;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Topics that would lose what is written to them. */
@ExtendWith(OutputCaptureExtension.class)
class TopicKeepingIT {
    @RegisterExtension
    final TestBed bed = new TestBed(1);

    @Test
    void aCompactedSinkIsRefusedUntilItIsNone() {
        configure(bed.topics().sink(), TopicConfig.CLEANUP_POLICY_CONFIG, "compact,delete");
        Instance instance = bed.instance("a").start();
        awaitProblem(
                instance,
                "The sink topic " + bed.topics().sink() + " has cleanup.policy=compact,delete",
                "tally.pipelines.it.sink.key=window-and-key");
        configure(bed.topics().sink(), TopicConfig.CLEANUP_POLICY_CONFIG, "delete");
        instance.awaitActive(1);
    }

    @Test
    void aCompactedSinkKeepsRowsWhoseKeysHaveTheWindow() {
        configure(bed.topics().sink(), TopicConfig.CLEANUP_POLICY_CONFIG, "compact");
        bed.pipeline.windowInKey();
        Input input = bed.input();
        bed.started("a");
        input.random(100, 12_000);
        input.closeWindows();
        bed.awaitProcessed();
        bed.assertExact();
        List<String> keys = bed.log().read(bed.topics().sink()).stream()
                .map(row -> new String(row.key(), StandardCharsets.UTF_8))
                .toList();
        assertThat(keys)
                .isNotEmpty()
                .doesNotHaveDuplicates()
                .allMatch(key -> key.matches("\\[\"2027-01-15T[0-9:]{8}Z\",\"2027-01-15T[0-9:]{8}Z\",\"p0-k\\d+\"]"));
    }

    @Test
    void aCompactedTopicForDeadLettersIsRefused() {
        bed.started("a").stop();
        configure(bed.topics().deadLetter(), TopicConfig.CLEANUP_POLICY_CONFIG, "compact");
        Instance instance = bed.instance("a").start();
        awaitProblem(instance, "The topic " + bed.topics().deadLetter() + " has cleanup.policy=compact");
        configure(bed.topics().deadLetter(), TopicConfig.CLEANUP_POLICY_CONFIG, "delete");
        instance.awaitActive(1);
    }

    /** Before anything is lost, and it goes on counting meanwhile. */
    @Test
    void topicsThatAreSetWrongWhileItRunsAreNamed() {
        Instance instance = bed.started("a");
        configure(bed.topics().state(), TopicConfig.CLEANUP_POLICY_CONFIG, "compact,delete");
        configure(bed.topics().late(), TopicConfig.CLEANUP_POLICY_CONFIG, "compact");
        awaitProblem(instance, "The state topic " + bed.topics().state() + " has cleanup.policy=compact,delete");
        Input input = bed.input();
        input.random(100, 12_000);
        bed.awaitProcessed();

        configure(bed.topics().state(), TopicConfig.CLEANUP_POLICY_CONFIG, "compact");
        awaitProblem(instance, "The topic " + bed.topics().late() + " has cleanup.policy=compact");
        configure(bed.topics().late(), TopicConfig.CLEANUP_POLICY_CONFIG, "delete");
        await().until(() -> instance.status().problem() == null);
        assertThat(instance.events().releases).as("no lane was stopped").hasValue(0);
    }

    /** Windows of five seconds, open for seven. */
    @Test
    void aRetentionShorterThanAWindowIsNamed(CapturedOutput output) {
        configure(bed.topics().source(), TopicConfig.RETENTION_MS_CONFIG, "6999");
        configure(bed.topics().sink(), TopicConfig.RETENTION_MS_CONFIG, "7000");
        bed.started("a");
        assertThat(output)
                .contains("The source topic " + bed.topics().source() + " has retention.ms=6999")
                .doesNotContain("The sink topic " + bed.topics().sink() + " has retention.ms");
    }

    private static void awaitProblem(Instance instance, String... parts) {
        await().until(() -> {
            String problem = String.valueOf(instance.status().problem());
            return List.of(parts).stream().allMatch(problem::contains);
        });
    }

    private void configure(String topic, String name, String value) {
        AlterConfigOp set = new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        Answers.get(bed.admin()
                .incrementalAlterConfigs(Map.of(resource, List.of(set)))
                .all());
    }
}
