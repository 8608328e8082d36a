package io.tally.search;

import java.util.Arrays;

/**
 * The states that were found, in the order in which they were, each with the one before it. Two numbers are a state.
 */
final class States {
    private long[] high = new long[1 << 12];
    private long[] low = new long[1 << 12];
    private int[] parents = new int[1 << 12];
    private int size;
    /** Open addressing; 0 is free, else 1 + the place. */
    private int[] table = new int[1 << 14];

    int size() {
        return size;
    }

    Model.Key key(int state) {
        return new Model.Key(high[state], low[state]);
    }

    /** The state that it was found from. */
    int parent(int state) {
        return parents[state];
    }

    /** Its place if it is known, else -1 less the place that it gets. */
    int add(Model.Key key, int parent) {
        long highPart = key.high();
        long lowPart = key.low();
        int slot = slot(highPart, lowPart);
        while (table[slot] != 0) {
            int state = table[slot] - 1;
            if (high[state] == highPart && low[state] == lowPart) {
                return state;
            }
            slot = (slot + 1) & (table.length - 1);
        }
        if (size == high.length) {
            int capacity = size + (size >> 1);
            high = Arrays.copyOf(high, capacity);
            low = Arrays.copyOf(low, capacity);
            parents = Arrays.copyOf(parents, capacity);
        }
        high[size] = highPart;
        low[size] = lowPart;
        parents[size] = parent;
        table[slot] = ++size;
        if (size > table.length / 2) {
            rehash();
        }
        return -size;
    }

    private void rehash() {
        table = new int[table.length * 2];
        for (int state = 0; state < size; state++) {
            int slot = slot(high[state], low[state]);
            while (table[slot] != 0) {
                slot = (slot + 1) & (table.length - 1);
            }
            table[slot] = state + 1;
        }
    }

    private int slot(long highPart, long lowPart) {
        long hash = (highPart * 0x9E3779B97F4A7C15L ^ lowPart) * 0xC2B2AE3D27D4EB4FL;
        hash ^= hash >>> 29;
        return (int) (hash * 0x9E3779B97F4A7C15L >>> 32) & (table.length - 1);
    }
}
