package io.tally.window;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Hash of a key's bytes for {@link RowTable}: multiply and fold eight bytes at a time (the mixing step of wyhash, with
 * SplitMix64's finisher). Seeded per process so that chosen keys cannot be made to collide; nothing durable and no
 * order of results depends on it.
 */
final class KeyHash {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;
    private static final long SEED = ThreadLocalRandom.current().nextLong();

    private KeyHash() {}

    static int of(byte[] bytes, int start, int length) {
        long hash = SEED ^ length * MULTIPLIER;
        int position = start;
        int rest = length;
        for (; rest >= Long.BYTES; rest -= Long.BYTES, position += Long.BYTES) {
            hash = fold(hash ^ (long) LONG.get(bytes, position));
        }
        long tail = 0;
        for (; rest > 0; rest--) {
            tail = (tail << 8) | (bytes[position++] & 0xFF);
        }
        hash = fold(hash ^ tail);
        return (int) (hash ^ hash >>> 32);
    }

    private static long fold(long value) {
        long product = value * MULTIPLIER;
        long mixed = (product ^ product >>> 29) * 0xBF58476D1CE4E5B9L;
        return mixed ^ mixed >>> 32;
    }
}
