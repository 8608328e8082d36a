package io.tally.kafka;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Tells whether this host's clock was set back, by another one that only goes forwards. Kafka's clients measure their
 * waits by the time of day. So clients that are open at that moment stand still for as long: they send no heartbeat,
 * and do not notice that the group goes on without them. It is enough that the clock was ahead for a moment: a client
 * that saw it waits until then. So a thread of its own looks at the clock all the time.
 */
final class ClockWatch implements AutoCloseable {
    /** Clients stand still for less than that without harm. */
    private static final Duration HARMLESS = Duration.ofSeconds(3);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);
    /** Steps back in so many looks add up. */
    private static final int LOOKS_TOGETHER = 25;

    private final Supplier<Instant> clock;
    private final LongSupplier steady;
    private final Thread thread = new Thread(this::run, "tally-clock");
    private Instant seen;
    private long seenAt;
    private int looks;
    private final AtomicInteger timesSetBack = new AtomicInteger();

    /**
     * Makes it; it looks from {@link #start} on.
     *
     * @param clock the time of day
     * @param steady nanoseconds that only go forwards
     */
    ClockWatch(Supplier<Instant> clock, LongSupplier steady) {
        this.clock = clock;
        this.steady = steady;
        seen = clock.get();
        seenAt = steady.getAsLong();
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            while (true) {
                look();
                Thread.sleep(LOOK_AGAIN.toMillis());
            }
        } catch (InterruptedException e) {
            // Nobody wants to know any more.
            Thread.currentThread().interrupt();
        }
    }

    /** Compares the clock with the furthest that it was ahead a short while ago. By one thread only. */
    void look() {
        // The steady clock is read before and after, since a halted process is not a clock that was set back.
        long passed = steady.getAsLong() - seenAt;
        Instant now = clock.get();
        long readAt = steady.getAsLong();
        boolean isBack = now.isBefore(seen.plusNanos(passed).minus(HARMLESS));
        if (isBack) {
            timesSetBack.incrementAndGet();
        }
        boolean isFurther = now.isAfter(seen.plusNanos(readAt - seenAt));
        if (isBack || isFurther || ++looks == LOOKS_TOGETHER) {
            looks = 0;
            seen = now;
            seenAt = readAt;
        }
    }

    /** How often it was set back. From any thread. */
    int timesSetBack() {
        return timesSetBack.get();
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
