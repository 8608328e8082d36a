package io.tally.kafka.member;

import java.time.Instant;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * A moment of which it is known how long ago it was, although this host's clock may be set since. Noted by one thread,
 * asked for by any.
 */
public final class Moment {
    private final Supplier<Instant> clock;
    private final LongSupplier steady;
    private volatile long noted;

    /** Of now. */
    public Moment() {
        this(Instant::now, System::nanoTime);
    }

    /**
     * Of now.
     *
     * @param clock the time of day
     * @param steady nanoseconds that only go forwards
     */
    Moment(Supplier<Instant> clock, LongSupplier steady) {
        this.clock = clock;
        this.steady = steady;
        noted = steady.getAsLong();
    }

    /** It is now. */
    public void note() {
        noted = steady.getAsLong();
    }

    /** When it was, by the clock as it is set now. */
    public Instant instant() {
        long passed = steady.getAsLong() - noted;
        return clock.get().minusNanos(passed);
    }
}
