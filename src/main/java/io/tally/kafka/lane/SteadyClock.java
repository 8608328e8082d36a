package io.tally.kafka.lane;

/** The time that intervals are measured by, which nobody sets. */
final class SteadyClock {
    private SteadyClock() {}

    static long millis() {
        return System.nanoTime() / 1_000_000;
    }
}
