package io.tally.search;

import java.util.Arrays;
import java.util.function.IntSupplier;

/** A function of small numbers, computed once for each. */
final class Remembered {
    private static final int UNKNOWN = -1;
    private int[] values = {UNKNOWN};

    int of(int number, IntSupplier function) {
        if (number >= values.length) {
            int before = values.length;
            values = Arrays.copyOf(values, Math.max(number + 1, 2 * before));
            Arrays.fill(values, before, values.length, UNKNOWN);
        }
        int known = values[number];
        if (known == UNKNOWN) {
            known = function.getAsInt();
            values[number] = known;
        }
        return known;
    }
}
