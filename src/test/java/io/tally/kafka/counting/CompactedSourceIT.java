package io.tally.kafka.counting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tally.checkpoint.CommitMetadata;
import io.tally.testkafka.Input;
import io.tally.testkafka.Instance;
import io.tally.testkafka.TestBed;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Records of a compacted source may be gone when a replay needs them, so no commit leaves any to replay. */
class CompactedSourceIT {
    private static final int PARTITIONS = 2;

    @RegisterExtension
    final TestBed bed =
            new TestBed(PARTITIONS, Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT));

    @Test
    void killedInstanceIsRebuiltWithoutReplay() {
        bed.pipeline.maxRecordsPerTransaction(30);
        Input input = bed.input();
        for (int i = 0; i < 3; i++) {
            Instance instance = bed.started("a");
            assertThat(instance.events().replayed()).isZero();
            input.random(600, 12_000);
            await().until(() -> instance.events().records.get() > 200);
            instance.kill();
            for (int partition : bed.committed().keySet()) {
                TestBed.Progress progress = bed.progress(partition);
                CommitMetadata metadata = progress.metadata();
                assertThat(metadata.recoveryOffset()).isEqualTo(progress.offset());
                assertThat(metadata.storedEntries() > 0).isEqualTo(progress.offset() > 0);
            }
        }
        Instance last = bed.started("a");
        input.closeWindows();
        bed.assertExact();
        assertThat(last.events().restores)
                .hasSize(PARTITIONS)
                .allSatisfy(restored -> assertThat(restored.replayed()).isZero());
    }
}
