package io.tally.pipeline.partition;

import static io.tally.pipeline.partition.HandFedPartition.EAGER;
import static io.tally.pipeline.partition.HandFedPartition.LAZY;
import static io.tally.pipeline.partition.HandFedPartition.RULES;
import static org.assertj.core.api.Assertions.assertThat;

import io.tally.pipeline.Committed;
import io.tally.pipeline.PipelineSpec;
import io.tally.pipeline.partition.StartForecast.Outlook;
import io.tally.simulation.SimRecord;
import io.tally.simulation.SimWindow;
import io.tally.simulation.Simulation;
import io.tally.simulation.StateLog;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is said of a start is what a start does. */
class StartForecastTest extends RefusedRestorations {
    private int read;

    private Outlook outlook(PipelineSpec spec, List<StateLog.Message> state, Committed committed) {
        read = 0;
        try (StartForecast forecast = new StartForecast(Simulation.SOURCE, spec, committed)) {
            for (StateLog.Message message : state) {
                read++;
                if (!forecast.state(message.offset(), message.key(), message.value())) {
                    break;
                }
            }
            return forecast.outlook();
        }
    }

    private Outlook outlook(HandFedPartition bench, PipelineSpec spec) {
        return outlook(spec, bench.state(), bench.kafka.committed());
    }

    @Test
    void begins() {
        Outlook outlook = outlook(stored.spec, List.of(), new Committed(false, 40, "", 40, 43));
        assertThat(outlook).isEqualTo(new Outlook(40, 40, null, null, null, true, true));
    }

    @Test
    void resumesAndReadsNoMoreThanTheBirthMarker() {
        stored.add("c", 4, 40).commit();
        Outlook withoutReplay = outlook(stored, stored.spec);
        assertThat(withoutReplay.refusal()).isNull();
        assertThat(withoutReplay.from()).isEqualTo(withoutReplay.to()).isEqualTo(44);
        assertThat(stored.state()).hasSizeGreaterThan(read);

        Outlook withReplay = outlook(unstored, unstored.spec);
        assertThat(withReplay.refusal()).isNull();
        assertThat(withReplay.from()).isEqualTo(40);
        assertThat(withReplay.to()).isEqualTo(43);
    }

    @Test
    void refusesInTheWordsOfARestore() {
        PipelineSpec other =
                RULES.withStructure(SimWindow.tumbling(20), RULES.aggregates()).spec(EAGER, 100);
        Outlook structure = outlook(stored, other);
        assertThat(structure.refusal()).isEqualTo(refusal(stored, Simulation.SOURCE, other));
        assertThat(structure.refusalAfterStop()).isEqualTo(structure.refusal());
        assertThat(structure.isSameStructure()).isFalse();
        assertThat(read).as("entries count").isEqualTo(stored.state().size());

        Committed reset = new Committed(true, 41, "", 40, 43);
        assertThat(outlook(stored.spec, stored.state(), reset).refusal())
                .isEqualTo(refusal(stored, stored.state(), reset));

        assertThat(outlook(stored.spec, List.of(), stored.kafka.committed()).refusal())
                .isEqualTo(refusal(stored, List.of(), stored.kafka.committed()));

        StateLog.Message garbage = new StateLog.Message(0, new byte[] {9}, new byte[0]);
        assertThat(outlook(stored.spec, List.of(garbage), stored.kafka.committed())
                        .refusal())
                .isEqualTo(refusal(stored, List.of(garbage), stored.kafka.committed()));
    }

    /** Other rules of reading are refused only while there is something to replay. */
    @Test
    void tellsWhatACleanStopHeals() {
        PipelineSpec other = RULES.withFilterBelow(3).spec(LAZY, 100);
        Outlook replayed = outlook(unstored, other);
        assertThat(replayed.refusal()).isEqualTo(refusal(unstored, Simulation.SOURCE, other));
        assertThat(replayed.refusalAfterStop()).isNull();
        assertThat(replayed.isSameReplay()).isFalse();
        assertThat(replayed.isSameStructure()).isTrue();

        assertThat(outlook(stored, other).refusal()).isNull();
    }

    /** A structure may change where no entry is left, however many there were. */
    @Test
    void countsTheEntriesThatAreStillThere() {
        PipelineSpec other =
                RULES.withStructure(SimWindow.tumbling(20), RULES.aggregates()).spec(EAGER, 100);
        assertThat(outlook(stored, other).refusal()).isNotNull();
        stored.commit((processor, transaction) -> {
            // A filtered record closes the window and opens none.
            processor
                    .to(transaction)
                    .process(SimRecord.of(
                            43, HandFedPartition.text("k"), 50, -1, BigDecimal.ONE, BigDecimal.ONE, "filtered"));
            return processor.to(transaction).completeBatch(44, 9);
        });
        assertThat(outlook(stored, other).refusal()).isNull();
    }
}
