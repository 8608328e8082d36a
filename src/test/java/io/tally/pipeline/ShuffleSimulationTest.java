package io.tally.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Both stages of a shuffle against a simulated Kafka, many seeds; as {@link SimulationTest}. */
class ShuffleSimulationTest {
    private static final int SEEDS = Integer.getInteger("tally.seeds", 3000);

    @Test
    void commitsExactlyWhatEachSourcePartitionSaysWhateverHappens() {
        Map<ShuffleSimulation.Happening, Long> happened = new TreeMap<>();
        Long only = Long.getLong("tally.seed");
        long first = only != null ? only : new Random().nextInt();
        int seeds = only != null ? 1 : SEEDS;
        System.out.println("ShuffleSimulationTest: " + seeds + " seeds from " + first);
        for (long seed = first; seed < first + seeds; seed++) {
            run(seed, happened);
        }
        System.out.println("ShuffleSimulationTest: " + happened);
        if (seeds >= 1000) {
            assertThat(happened).as("what the seeds met").containsOnlyKeys(ShuffleSimulation.Happening.values());
        }
    }

    private static void run(long seed, Map<ShuffleSimulation.Happening, Long> happened) {
        ShuffleSimulation simulation = new ShuffleSimulation(seed);
        try {
            simulation.run();
        } catch (Throwable e) {
            throw new AssertionError(
                    "seed " + seed + " fails; repeat with mvn test -Dtest=ShuffleSimulationTest -Dtally.seed=" + seed
                            + "\nafter " + simulation.happened + "\n" + e.getMessage(),
                    e);
        }
        simulation.happened.forEach((what, count) -> happened.merge(what, count, Long::sum));
    }
}
