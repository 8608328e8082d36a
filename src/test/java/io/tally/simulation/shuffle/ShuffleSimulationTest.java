package io.tally.simulation.shuffle;

import io.tally.simulation.Seeds;
import org.junit.jupiter.api.Test;

/** Both stages of a shuffle against a simulated Kafka, many seeds; see {@link Seeds}. */
class ShuffleSimulationTest {
    @Test
    void commitsExactlyWhatEachSourcePartitionSaysWhateverHappens() {
        Seeds.run(ShuffleSimulationTest.class, 800, ShuffleHappening.class, ShuffleSimulation::new);
    }
}
