package io.tally.pipeline.partition;

import static io.tally.pipeline.partition.HandFedPartition.EAGER;
import static io.tally.pipeline.partition.HandFedPartition.LAZY;
import static io.tally.pipeline.partition.HandFedPartition.RULES;
import static org.assertj.core.api.Assertions.assertThat;

import io.tally.pipeline.PipelineSpec;
import io.tally.pipeline.status.Refusal;
import io.tally.simulation.SimAggregate;
import io.tally.simulation.SimRecord;
import io.tally.simulation.SimWindow;
import io.tally.simulation.Simulation;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A configuration that cannot go on where another one ended. */
class ConfigurationRefusalTest extends RefusedRestorations {
    @Test
    void otherWindowsWhileSomeAreOpen() {
        PipelineSpec other =
                RULES.withStructure(SimWindow.tumbling(20), RULES.aggregates()).spec(EAGER, 100);
        Refusal refusal = refusal(stored, Simulation.SOURCE, other);
        assertThat(refusal.problem())
                .contains("At offset 43 of events-0", "another key, window or aggregate")
                .contains(RULES.fingerprint().structure());
        assertThat(refusal.remedy()).contains("run with the old configuration until they have closed", START_ANEW);
        assertThat(refusal(unstored, Simulation.SOURCE, other).problem()).contains("another key, window or aggregate");
    }

    @Test
    void otherAggregatesWhenAllWindowsHaveClosed() {
        stored.commit((processor, transaction) -> {
            // A filtered record closes the window and opens none.
            processor.to(transaction).process(filtered(43, 50));
            return processor.to(transaction).completeBatch(44, 9);
        });
        PipelineSpec other = RULES.withStructure(SimWindow.tumbling(7), List.of(SimAggregate.LAST))
                .spec(EAGER, 100);
        PartitionProcessor restored =
                stored.restore(Simulation.SOURCE, other, stored.state(), stored.kafka.committed());
        assertThat(restored.openEntries()).isZero();
        assertThat(restored.position().metadata().watermark()).isEqualTo(50);
    }

    @Test
    void otherFilterWhileRecordsAreToBeReplayed() {
        PipelineSpec other = RULES.withFilterBelow(3).spec(LAZY, 100);
        Refusal refusal = refusal(unstored, Simulation.SOURCE, other);
        assertThat(refusal.problem())
                .contains(
                        "records 40 to 43 of events-0",
                        "must be replayed",
                        RULES.fingerprint().replay());
        assertThat(refusal.remedy()).contains("SIGTERM");
        assertThat(stored.restore(Simulation.SOURCE, other, stored.state(), stored.kafka.committed())
                        .openEntries())
                .as("with nothing to replay it may change")
                .isEqualTo(2);
    }

    private static SimRecord filtered(long offset, long time) {
        SimRecord record = SimRecord.of(
                offset,
                HandFedPartition.text("k"),
                time,
                -1,
                java.math.BigDecimal.ONE,
                java.math.BigDecimal.ONE,
                "filtered");
        return record;
    }
}
