package io.tally.pipeline.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.checkpoint.CommitMetadata;
import io.tally.pipeline.Committed;
import io.tally.pipeline.status.Refusal;
import io.tally.simulation.Simulation;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A committed offset that is gone, was moved, or whose metadata cannot be read. */
class OffsetRefusalTest extends RefusedRestorations {
    @Test
    void restoresWhatIsInOrder() {
        assertThat(Simulation.SOURCE).hasToString("events-0");
        assertThat(stored.restore().position().metadata().recoveryOffset()).isEqualTo(43);
        assertThat(unstored.restore().position().metadata().recoveryOffset()).isEqualTo(40);
    }

    @Test
    void expiredOffset() {
        Refusal refusal = refusal(stored, stored.state(), new Committed(false, 0, "", 0, 50));
        assertThat(refusal.problem())
                .contains("group tally-sim has no committed offset for events-0", "since offset 40", "expired");
        assertThat(refusal.remedy()).contains("say where to begin", START_ANEW);
    }

    @Test
    void offsetResetByHand() {
        Refusal refusal = refusal(stored, stored.state(), new Committed(true, 7, "", 0, 50));
        assertThat(refusal.problem()).contains("offset 7 of events-0", "since offset 40", "reset by hand");
        assertThat(refusal.remedy()).contains(START_ANEW);
    }

    @Test
    void offsetMovedByAToolThatKeepsMetadata() {
        String metadata = unstored.kafka.committed().metadata();
        for (long moved : new long[] {42, 44}) {
            Refusal refusal = refusal(unstored, unstored.state(), new Committed(true, moved, metadata, 0, 50));
            assertThat(refusal.problem())
                    .contains("offset " + moved + " of events-0", "carries the metadata of offset 43");
            assertThat(refusal.remedy()).contains("set the offset back to 43", START_ANEW);
        }
    }

    @Test
    void metadataOfANewerVersion() {
        Committed committed = new Committed(true, 43, "tally99 w=17 something=new", 0, 50);
        Refusal refusal = refusal(stored, stored.state(), committed);
        assertThat(refusal.problem())
                .contains(
                        "offset 43 of events-0",
                        "format 'tally99'",
                        "knows only 'tally1', 'tally2', 'tally3', 'tally4', 'tally5', 'tally6', 'tally7', 'tally8' and 'tally9'",
                        "'tally99 w=17 something=new'");
        assertThat(refusal.remedy()).contains("run that version", START_ANEW);
    }

    @Test
    void editedMetadata() {
        String edited = stored.kafka.committed().metadata().replace("r=43", "r=42");
        assertThat(refusal(stored, stored.state(), new Committed(true, 43, edited, 0, 50))
                        .problem())
                .contains("checksum", edited);
    }

    @Test
    void operatorsOffsetOfANewPipelineIsItsBirth() {
        PartitionProcessor fresh =
                stored.restore(Simulation.SOURCE, stored.spec, List.of(), new Committed(true, 42, "by hand", 0, 50));
        CommitMetadata metadata = fresh.position().metadata();
        assertThat(metadata.birthOffset()).isEqualTo(42);
        assertThat(fresh.nextOffset()).isEqualTo(42);
        assertThat(fresh.isCommitDue(0)).as("the birth is due").isTrue();
    }
}
