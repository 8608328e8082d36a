package io.tally.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tally.checkpoint.CommitMetadata;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Records of a compacted source may be gone when they are to be replayed, so no commit leaves any to replay. */
class CompactedSourceIT {
    private static final int PARTITIONS = 2;

    @RegisterExtension
    final Scenario scenario =
            new Scenario(PARTITIONS, Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT));

    @Test
    void killedInstanceIsRebuiltWithoutReplay() {
        scenario.pipeline.maxRecordsPerTransaction(30);
        Input input = scenario.input();
        for (int i = 0; i < 3; i++) {
            Instance instance = scenario.started("a");
            assertThat(instance.events().replayed()).isZero();
            input.random(600, 12_000);
            await().until(() -> instance.events().records.get() > 200);
            instance.kill();
            for (int partition : scenario.committed().keySet()) {
                Scenario.Progress progress = scenario.progress(partition);
                CommitMetadata metadata = progress.metadata();
                assertThat(metadata.recoveryOffset()).isEqualTo(progress.offset());
                assertThat(metadata.storedEntries() > 0).isEqualTo(progress.offset() > 0);
            }
        }
        Instance last = scenario.started("a");
        input.closeWindows();
        scenario.assertExact();
        assertThat(last.events().restores)
                .hasSize(PARTITIONS)
                .allSatisfy(restored -> assertThat(restored.replayed()).isZero());
    }
}
