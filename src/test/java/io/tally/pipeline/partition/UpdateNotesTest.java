package io.tally.pipeline.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.pipeline.CheckpointPolicy;
import io.tally.simulation.SimAggregate;
import io.tally.simulation.SimRules;
import io.tally.simulation.SimWindow;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class UpdateNotesTest {
    private static final SimRules UPDATES = updates(SimWindow.tumbling(10));

    private static SimRules updates(SimWindow window) {
        return HandFedPartition.RULES.withStructure(window.withUpdates(true), List.of(SimAggregate.COUNT));
    }

    /** Checkpoints would never come, so entries are written for the sake of emissions. */
    @ParameterizedTest
    @EnumSource(names = {"TUMBLING", "SESSION", "TOTAL_WITH_TTL"})
    void doNotGrowWithoutBound(SimWindow.Kind kind) {
        HandFedPartition bench = new HandFedPartition(
                updates(new SimWindow(kind, 10, 10, 0, false)),
                new CheckpointPolicy(Duration.ofDays(1), 1_000_000, 5000, false, Duration.ZERO));
        for (int i = 1; i <= UpdateNotes.MANY; i++) {
            assertThat(bench.add(i % 2 == 0 ? "a" : "b", 5, 1).commit()).hasSize(1);
            assertThat(bench.storedEntries()).isEqualTo(i);
        }
        assertThat(bench.processor.isDirty()).isTrue();
        // Writes what changed before the first emission, which nobody needs then.
        bench.add("a", 5, 1).commit();
        assertThat(bench.storedEntries()).as("entries and emissions").isLessThan(UpdateNotes.MANY + 2);
        long recovery = bench.processor.position().metadata().recoveryOffset();
        assertThat(recovery).isGreaterThan(HandFedPartition.FIRST_OFFSET);
    }

    @Test
    void areNotWrittenWhereEntriesAre() {
        HandFedPartition bench = new HandFedPartition(UPDATES, HandFedPartition.EAGER);
        bench.add("a", 5, 1).commit();
        assertThat(bench.storedEntries()).as("the entry").isEqualTo(1);
    }
}
