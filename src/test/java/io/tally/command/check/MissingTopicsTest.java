package io.tally.command.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.command.CommandRun;
import io.tally.command.check.Subject.Role;
import io.tally.plan.KafkaPipeline;
import io.tally.plan.cluster.Finding;
import io.tally.plan.cluster.Finding.Severity;
import org.junit.jupiter.api.Test;

/** Topics that are missing before the first start. */
class MissingTopicsTest {
    @Test
    void saysWhatWouldBeCreated() {
        KafkaPipeline pipeline = CommandRun.pipeline().on("check", false).get(0);
        Cluster cluster = new Cluster(pipeline);
        cluster.without(cluster.name(Role.STATE));

        assertThat(Check.rules(cluster.subject()))
                .contains(Finding.ok(
                        "state topic",
                        pipeline.topics().state(),
                        "The state topic does not exist. A start creates it with 4 partitions."));
    }

    @Test
    void asksForWhatIsNotToBeCreated() {
        KafkaPipeline pipeline = CommandRun.pipeline("--tally.pipelines.ip-count.create-topics=false")
                .on("check", false)
                .get(0);
        Cluster cluster = new Cluster(pipeline);
        cluster.without(cluster.name(Role.STATE));

        assertThat(Check.rules(cluster.subject()).stream()
                        .filter(finding -> finding.severity() != Severity.OK)
                        .toList())
                .singleElement()
                .satisfies(found -> {
                    assertThat(found.severity()).isEqualTo(Severity.ERROR);
                    assertThat(found.text()).contains("tally.pipelines.ip-count.create-topics is false");
                    assertThat(found.remedy()).contains("create it with 4 partitions and cleanup.policy=compact");
                });
    }
}
