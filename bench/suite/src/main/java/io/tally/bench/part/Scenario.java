package io.tally.bench.part;

import io.tally.bench.contender.Contender;

/**
 * What is killed, and what goes on instead.
 *
 * @param name in the report
 * @param contender whose first process is killed
 * @param isRestart whether it is started again at once, rather than others taking over
 */
record Scenario(String name, Contender contender, boolean isRestart) {
    static Scenario restart(Contender contender) {
        return new Scenario(contender.name() + ": killed and restarted", contender, true);
    }

    static Scenario takeOver(Contender contender) {
        return new Scenario(contender.name() + ": one killed", contender, false);
    }

    String victim() {
        return contender.instances().get(0);
    }
}
