package io.tally.command.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.command.CommandRun;
import io.tally.command.check.Subject.Role;
import io.tally.kafka.client.ClientSettings;
import io.tally.pipeline.log.LogException;
import io.tally.plan.PipelineDefinition;
import io.tally.plan.cluster.ClusterFacts;
import io.tally.plan.cluster.ClusterReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WarningsAtStartTest {
    private static final PipelineDefinition PIPELINE = CommandRun.pipeline();

    private final Cluster cluster = new Cluster(PIPELINE.on("a", false).get(0));
    private boolean away;
    private final List<String> said = new ArrayList<>();
    private final WarningsAtStart warnings = new WarningsAtStart(
            pipeline -> new ClientSettings(Map.of(), Map.of(), Map.of(), "a", "b"),
            pipeline -> new ClusterReader() {
                @Override
                public ClusterFacts facts(Question question) {
                    if (away) {
                        throw new LogException("no answer");
                    }
                    return cluster.subject().cluster();
                }

                @Override
                public void close() {
                    // Nothing is open.
                }
            },
            said::add);

    @Test
    void saysNothingOfAGoodCluster() {
        assertThat(warnings.warn(PIPELINE)).isTrue();
        assertThat(said).isEmpty();
    }

    @Test
    void saysWhatWhereAndWhatToDo() {
        cluster.set(cluster.name(Role.SINK), "min.insync.replicas", "1");
        warnings.warn(PIPELINE);
        assertThat(said)
                .singleElement()
                .asString()
                .startsWith("Pipeline ip-count, ip_count_sink, min.insync.replicas: It is 1 with 3 replicas")
                .contains("Remedy: kafka-configs.sh");
    }

    @Test
    void saysWhatPipelinesShareOnce() {
        cluster.set(cluster.name(Role.SINK), "min.insync.replicas", "1");
        warnings.warn(PIPELINE);
        warnings.warn(PIPELINE);
        assertThat(said).hasSize(1);
    }

    @Test
    void isContentWithTheLeastPermissions() {
        cluster.settings = null;
        warnings.warn(PIPELINE);
        assertThat(said).isEmpty();
    }

    @Test
    void waitsForBrokers() {
        cluster.set(cluster.name(Role.SINK), "min.insync.replicas", "1");
        away = true;
        assertThat(warnings.warn(PIPELINE)).isFalse();
        assertThat(said).isEmpty();
        away = false;
        assertThat(warnings.warn(PIPELINE)).isTrue();
        assertThat(said).hasSize(1);
    }
}
