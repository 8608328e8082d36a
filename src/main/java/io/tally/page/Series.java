package io.tally.page;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The latest values of one number, one per second, in memory of a fixed size. Not thread-safe. */
final class Series {
    /** A quarter of an hour. */
    static final int SECONDS = 900;

    private final float[] ring = new float[SECONDS];
    private int next;

    Series() {
        Arrays.fill(ring, Float.NaN);
    }

    /** @param value NaN where there is none */
    void add(double value) {
        ring[next] = (float) value;
        next = (next + 1) % SECONDS;
    }

    /** Oldest first, always {@link #SECONDS}; null where there is no value. */
    List<@Nullable Float> values() {
        List<@Nullable Float> values = new ArrayList<>(SECONDS);
        for (int i = 0; i < SECONDS; i++) {
            float value = ring[(next + i) % SECONDS];
            values.add(Float.isNaN(value) ? null : value);
        }
        return values;
    }
}
