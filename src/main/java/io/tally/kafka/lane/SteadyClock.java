package io.tally.kafka.lane;

/** A clock for measuring intervals, which nobody sets. */
final class SteadyClock {
    private SteadyClock() {}

    static long millis() {
        return System.nanoTime() / 1_000_000;
    }
}
