package io.tally.kafka;

import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Tells whether this host's clock was set back, by another one that only goes forwards. Kafka's clients measure their
 * waits by the time of day. So clients that are open at that moment stand still for as long: they send no heartbeat,
 * and do not notice that the group goes on without them. Confined to one thread.
 */
final class ClockWatch {
    /** Clients stand still for less than that without harm. */
    private static final Duration HARMLESS = Duration.ofSeconds(3);

    private final Supplier<Instant> clock;
    private final LongSupplier steady;
    private Instant seen;
    private long seenAt;

    /**
     * Begins to watch.
     *
     * @param clock the time of day
     * @param steady nanoseconds that only go forwards
     */
    ClockWatch(Supplier<Instant> clock, LongSupplier steady) {
        this.clock = clock;
        this.steady = steady;
        seen = clock.get();
        seenAt = steady.getAsLong();
    }

    /** Whether it was set back since it was last looked at. */
    boolean wasSetBack() {
        // The steady clock is read before and after, since a halted process is not a clock that was set back.
        long passed = steady.getAsLong() - seenAt;
        Instant now = clock.get();
        boolean isBack = now.isBefore(seen.plusNanos(passed).minus(HARMLESS));
        seen = now;
        seenAt = steady.getAsLong();
        return isBack;
    }
}
