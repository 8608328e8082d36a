package io.tally.kafka.lane;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An interrupt does not mean anything to a lane; left on its thread, it would end each further poll. */
final class Interrupts {
    private static final Logger log = LoggerFactory.getLogger(Interrupts.class);

    private Interrupts() {}

    /** Clears the one of the current thread, which is a lane's. */
    static void drop(LaneId lane) {
        if (Thread.interrupted()) {
            log.warn("{}: was interrupted, and goes on", lane);
        }
    }
}
