package io.tally.pipeline.partition;

import static io.tally.pipeline.partition.HandFedPartition.EAGER;
import static io.tally.pipeline.partition.HandFedPartition.RULES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tally.checkpoint.CommitMetadata;
import io.tally.pipeline.CommitPoint;
import io.tally.pipeline.Committed;
import io.tally.pipeline.Divergence;
import io.tally.pipeline.Loss;
import io.tally.pipeline.PipelineSpec;
import io.tally.pipeline.RefusedException;
import io.tally.pipeline.SourcePartition;
import io.tally.pipeline.status.Refusal;
import io.tally.simulation.SimWindow;
import io.tally.simulation.Simulation;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A source that is no longer the one that was counted. */
class SourceRefusalTest extends RefusedRestorations {
    @Test
    void sourceTrimmedBeyondTheRecoveryOffset() {
        unstored.kafka.trimSource(41);
        Refusal refusal = refusal(unstored, unstored.state(), unstored.kafka.committed());
        assertThat(refusal.problem()).contains("events-0 begins at offset 41", "from 40", "to rebuild open windows");
        assertThat(refusal.remedy()).contains("raise the retention of events", START_ANEW);
    }

    @Test
    void sourceTrimmedBeyondTheCommittedOffset() {
        stored.kafka.trimSource(44);
        assertThat(refusal(stored, stored.state(), stored.kafka.committed()).problem())
                .contains("begins at offset 44", "from 43", "never counted");
    }

    @Test
    void newPipelineWhoseOffsetIsTrimmed() {
        assertThat(refusal(stored, List.of(), new Committed(true, 5, "", 6, 50)).problem())
                .contains("begins at offset 6", "from 5", "never counted");
    }

    @Test
    void truncatedSource() {
        Refusal refusal = refusal(
                stored,
                stored.state(),
                new Committed(true, 43, stored.kafka.committed().metadata(), 0, 42));
        assertThat(refusal.problem()).contains("committed offset 43 of events-0", "beyond its end 42");
        assertThat(refusal.remedy()).contains(START_ANEW);
    }

    /** It is as long as it was, or longer; and that comes before what could be mended. */
    @Test
    void sourceTruncatedAndRefilled() {
        Committed committed =
                new Committed(true, 43, stored.kafka.committed().metadata(), 0, 90, new Divergence(7, 41L));
        Refusal refusal = refusal(stored, stored.state(), committed);
        assertThat(refusal.problem())
                .contains("events-0 was truncated", "offset 43 was committed when leader epoch 7", "ends at offset 41");
        assertThat(refusal.remedy())
                .contains("--to-current leaves out what was written since at the offsets 41 to 43", START_ANEW);
        PipelineSpec other =
                RULES.withStructure(SimWindow.tumbling(20), RULES.aggregates()).spec(EAGER, 100);
        assertThatThrownBy(() -> stored.restore(Simulation.SOURCE, other, stored.state(), committed))
                .hasMessageContaining("was truncated");

        Committed unknown =
                new Committed(true, 43, stored.kafka.committed().metadata(), 0, 90, new Divergence(7, null));
        assertThat(refusal(stored, stored.state(), unknown).problem()).contains("does not know that epoch any more");
        assertThat(refusal(stored, List.of(), new Committed(true, 43, "", 0, 90, new Divergence(7, 41L)))
                        .problem())
                .as("of a new pipeline")
                .contains("was truncated");
    }

    /** By the note, whatever the source looks like now. */
    @Test
    void sourceThatWasTruncatedOnce() {
        Committed found = stored.kafka.committed();
        CommitMetadata metadata = CommitMetadata.parse(found.metadata());
        Committed beyond = new Committed(true, 43, found.metadata(), 0, 42);
        assertThatThrownBy(() -> stored.restore(Simulation.SOURCE, stored.spec, stored.state(), beyond))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.loss()).isEqualTo(new Loss(metadata, 42)));
        CommitPoint note = new Loss(metadata, 42).note("writer");
        Refusal refusal = refusal(
                stored,
                stored.state(),
                new Committed(true, note.offset(), note.metadata().format(), 0, 90));
        assertThat(refusal.problem())
                .contains("events-0 was once found to have lost records", "before offset 43, from offset 42 on");
        assertThat(refusal.remedy()).contains("--to-current leaves out", START_ANEW);
    }

    @Test
    void sourceTruncatedWhileItWasReplayed() {
        Restoration restoration = new Restoration(Simulation.SOURCE, unstored.spec);
        unstored.state().forEach(message -> restoration.state(message.offset(), message.key(), message.value()));
        restoration.load(unstored.kafka.committed());
        restoration.checkReplayed(null);
        assertThatThrownBy(() -> restoration.checkReplayed(new Divergence(7, 41L)))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("offset 43 was committed when leader epoch 7");
    }

    @Test
    void recreatedSourceTopic() {
        SourcePartition other = new SourcePartition("sim", "tally-sim", "events", "another-id", 0, 3, false, "s", null);
        Refusal refusal = refusal(stored, other, stored.spec);
        assertThat(refusal.problem()).contains("deleted and created again", "another-id", "bM0VsOhVQQ6q9k");
        assertThat(refusal.remedy()).contains(START_ANEW);
    }

    @Test
    void morePartitions() {
        SourcePartition other =
                new SourcePartition("sim", "tally-sim", "events", "bM0VsOhVQQ6q9k", 0, 4, false, "s", null);
        Refusal refusal = refusal(stored, other, stored.spec);
        assertThat(refusal.problem()).contains("has 4 partitions", "had 3", "keys have moved");
        assertThat(refusal.remedy()).contains("shuffle", START_ANEW);
    }

    @Test
    void compactedSourceWithRecordsToReplay() {
        SourcePartition compacted =
                new SourcePartition("sim", "tally-sim", "events", "bM0VsOhVQQ6q9k", 0, 3, true, "s", null);
        Refusal refusal = refusal(unstored, compacted, unstored.spec);
        assertThat(refusal.problem()).contains("records 40 to 43 of events-0", "compacted");
        assertThat(refusal.remedy()).contains("cleanup.policy", "DescribeConfigs", START_ANEW);

        assertThat(stored.restore(compacted, stored.spec, stored.state(), stored.kafka.committed())
                        .nextOffset())
                .as("nothing to replay")
                .isEqualTo(43);
    }
}
