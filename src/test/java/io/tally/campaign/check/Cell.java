package io.tally.campaign.check;

import java.util.Arrays;

/** What is counted in one window of one key, in the order of the log. */
final class Cell {
    private long[] values = new long[4];
    private int count;
    /** How many there were when its row left; 0 before. */
    private int closedWith;

    void add(long value) {
        if (count == values.length) {
            values = Arrays.copyOf(values, 2 * count);
        }
        values[count++] = value;
    }

    void addAll(Cell other) {
        for (int i = 0; i < other.count; i++) {
            add(other.values[i]);
        }
    }

    int count() {
        return count;
    }

    /** Its row leaves; what comes from now on corrects it. */
    void close() {
        closedWith = count;
    }

    int closedWith() {
        return closedWith;
    }

    /** What a row says after the first so many of them. */
    Totals totals(int first) {
        long sum = 0;
        long low = Long.MAX_VALUE;
        long high = Long.MIN_VALUE;
        for (int i = 0; i < first; i++) {
            sum = Math.addExact(sum, values[i]);
            low = Math.min(low, values[i]);
            high = Math.max(high, values[i]);
        }
        return new Totals(first, sum, low, high);
    }

    Totals totals() {
        return totals(count);
    }

    /** The aggregates of a row. */
    record Totals(long count, long sum, long low, long high) {}
}
