package io.tally.command.dryrun;

import com.dynatrace.hash4j.distinctcount.UltraLogLog;
import io.tally.engine.row.KeyHash;
import org.jspecify.annotations.Nullable;

/**
 * How many different keys there are: exactly while they are few, by a sketch of 16 kB with an error of some 0.6 %
 * beyond.
 */
final class DistinctKeys {
    /** Their hashes take 16 MB. */
    private static final int MOST_EXACT = 1 << 20;

    private static final int PRECISION = 14;

    private long[] hashes = new long[1 << 10];
    private int size;
    private boolean hasZero;
    private @Nullable UltraLogLog sketch;

    void add(byte[] buffer, int start, int length) {
        long hash = KeyHash.wide(buffer, start, length);
        UltraLogLog registers = sketch;
        if (registers != null) {
            registers.add(hash);
        } else if (hash == 0) {
            hasZero = true;
        } else if (insert(hashes, hash)) {
            size++;
            if (size > MOST_EXACT) {
                sketch = sketch();
                hashes = new long[0];
            } else if (size > hashes.length / 2) {
                grow();
            }
        }
    }

    private static boolean insert(long[] table, long hash) {
        int slot = (int) hash & table.length - 1;
        while (table[slot] != 0) {
            if (table[slot] == hash) {
                return false;
            }
            slot = slot + 1 & table.length - 1;
        }
        table[slot] = hash;
        return true;
    }

    private void grow() {
        long[] larger = new long[hashes.length * 2];
        for (long hash : hashes) {
            if (hash != 0) {
                insert(larger, hash);
            }
        }
        hashes = larger;
    }

    private UltraLogLog sketch() {
        UltraLogLog registers = UltraLogLog.create(PRECISION);
        for (long hash : hashes) {
            if (hash != 0) {
                registers.add(hash);
            }
        }
        return registers;
    }

    boolean isExact() {
        return sketch == null;
    }

    long count() {
        return sketch == null ? size + (hasZero ? 1 : 0) : Math.round(sketch.getDistinctCountEstimate());
    }
}
