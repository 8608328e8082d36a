package io.tally.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The core against a simulated Kafka, many seeds. {@code -Dtally.seeds=100000} runs more, {@code -Dtally.seed=N} runs
 * one again.
 */
class SimulationTest {
    private static final int SEEDS = Integer.getInteger("tally.seeds", 2000);

    @Test
    void commitsExactlyWhatTheNaiveModelSaysWhateverHappens() {
        Map<Happening, Long> happened = new EnumMap<>(Happening.class);
        Long only = Long.getLong("tally.seed");
        if (only != null) {
            run(only, happened);
            return;
        }
        long first = new Random().nextInt();
        System.out.println("SimulationTest: " + SEEDS + " seeds from " + first);
        for (int i = 0; i < SEEDS; i++) {
            run(first + i, happened);
        }
        System.out.println("SimulationTest: " + happened);
        if (SEEDS >= 1000) {
            assertThat(happened).as("what the seeds met").containsOnlyKeys(Happening.values());
        }
    }

    private static void run(long seed, Map<Happening, Long> happened) {
        Simulation simulation = new Simulation(seed);
        try {
            simulation.run();
        } catch (Throwable e) {
            throw new AssertionError(
                    "seed " + seed + " fails; repeat with mvn test -Dtest=SimulationTest -Dtally.seed=" + seed + "\n"
                            + simulation + "\n" + e.getMessage(),
                    e);
        }
        simulation.model.happened.forEach((what, count) -> happened.merge(what, count, Long::sum));
        simulation.happened.forEach((what, count) -> happened.merge(what, count, Long::sum));
    }
}
