package io.tally.bench.source;

import java.util.concurrent.TimeUnit;

/** Points in time. */
public final class Moment {
    // Right after one another: a class that is loaded in between would take tens of milliseconds.
    private static final long START_MILLIS = System.currentTimeMillis();
    private static final long START_NANOS = System.nanoTime();

    private Moment() {}

    /** Since a {@link System#nanoTime}. */
    public static double secondsSince(long nanos) {
        return (System.nanoTime() - nanos) / 1e9;
    }

    /** Microseconds since 1970, which compare with a broker's timestamps, but never go back. */
    public static long micros() {
        return TimeUnit.MILLISECONDS.toMicros(START_MILLIS) + (System.nanoTime() - START_NANOS) / 1_000;
    }
}
