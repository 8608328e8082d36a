package io.tally.simulation;

import org.junit.jupiter.api.Test;

/** The core against a simulated Kafka, many seeds; see {@link Seeds}. */
class SimulationTest {
    @Test
    void commitsExactlyWhatTheNaiveModelSaysWhateverHappens() {
        Seeds.run(SimulationTest.class, 600, Happening.class, Simulation::new);
    }
}
