package io.tally.process;

import java.util.List;

/**
 * What is killed, and what goes on instead.
 *
 * @param name in the report
 * @param instances that share the partitions; the first one is killed
 */
record Scenario(String name, Contender contender, List<String> instances) {
    static Scenario restart(Contender contender) {
        return new Scenario(contender.name() + ": killed and restarted", contender, List.of("a"));
    }

    static Scenario takeOver(Contender contender) {
        return new Scenario(contender.name() + ": one of two killed", contender, List.of("a", "b"));
    }

    String victim() {
        return instances.get(0);
    }

    /** Whether the victim is started again at once, rather than others taking over. */
    boolean isRestart() {
        return instances.size() == 1;
    }
}
