package io.tally.pipeline.partition;

import io.tally.heap.HeapAccount;
import io.tally.heap.HeapSizes;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiConsumer;

/**
 * Values by key, both bytes. A key and its value are one array, without any other object: there may be millions, and
 * for a while both they and the entries made from them are in memory. Open addressing, at most two thirds full.
 */
final class ByteMap {
    /** A pair begins with the length of its key. */
    private static final int LENGTH_BYTES = 4;

    private static final byte[] REMOVED = new byte[0];

    private final HeapAccount account;
    private final int seed = ThreadLocalRandom.current().nextInt();
    /** Null where there is no pair and never was one. */
    private byte[][] pairs = new byte[16][];

    private int size;
    /** How many places have or had a pair. */
    private int used;

    /** @param account the account from which it takes its heap */
    ByteMap(HeapAccount account) {
        this.account = account;
        account.take(HeapSizes.references(pairs.length));
    }

    int size() {
        return size;
    }

    void put(byte[] key, byte[] value) {
        byte[] pair = new byte[LENGTH_BYTES + key.length + value.length];
        for (int i = 0; i < LENGTH_BYTES; i++) {
            pair[i] = (byte) (key.length >>> (8 * i));
        }
        System.arraycopy(key, 0, pair, LENGTH_BYTES, key.length);
        System.arraycopy(value, 0, pair, LENGTH_BYTES + key.length, value.length);
        int at = find(key);
        byte[] before = pairs[at];
        account.take(HeapSizes.bytes(pair.length) - (before == null ? 0 : HeapSizes.bytes(before.length)));
        pairs[at] = pair;
        if (before == null) {
            size++;
            used++;
            if (used > pairs.length / 3 * 2) {
                rehash();
            }
        }
    }

    void remove(byte[] key) {
        int at = find(key);
        byte[] pair = pairs[at];
        if (pair != null) {
            account.take(-HeapSizes.bytes(pair.length));
            pairs[at] = REMOVED;
            size--;
        }
    }

    /** Hands out all pairs, and forgets each of them at once. */
    void drain(BiConsumer<byte[], byte[]> action) {
        for (int i = 0; i < pairs.length; i++) {
            byte[] pair = pairs[i];
            if (pair != null && pair != REMOVED) {
                pairs[i] = REMOVED;
                account.take(-HeapSizes.bytes(pair.length));
                int valueStart = LENGTH_BYTES + keyLength(pair);
                action.accept(
                        Arrays.copyOfRange(pair, LENGTH_BYTES, valueStart),
                        Arrays.copyOfRange(pair, valueStart, pair.length));
            }
        }
        account.take(-HeapSizes.references(pairs.length));
        pairs = new byte[0][];
        size = 0;
    }

    /** The place of the key, or where it would be. */
    private int find(byte[] key) {
        int mask = pairs.length - 1;
        int at = hash(key, 0, key.length) & mask;
        while (true) {
            byte[] pair = pairs[at];
            if (pair == null || isOf(pair, key)) {
                return at;
            }
            at = at + 1 & mask;
        }
    }

    private static boolean isOf(byte[] pair, byte[] key) {
        return pair != REMOVED
                && keyLength(pair) == key.length
                && Arrays.equals(pair, LENGTH_BYTES, LENGTH_BYTES + key.length, key, 0, key.length);
    }

    private static int keyLength(byte[] pair) {
        int length = 0;
        for (int i = 0; i < LENGTH_BYTES; i++) {
            length |= (pair[i] & 0xFF) << (8 * i);
        }
        return length;
    }

    private void rehash() {
        byte[][] old = pairs;
        // If many pairs were removed, there is room enough.
        int length = size > old.length / 3 ? old.length * 2 : old.length;
        account.take(HeapSizes.references(length));
        byte[][] grown = new byte[length][];
        for (byte[] pair : old) {
            if (pair != null && pair != REMOVED) {
                int at = hash(pair, LENGTH_BYTES, keyLength(pair)) & length - 1;
                while (grown[at] != null) {
                    at = at + 1 & length - 1;
                }
                grown[at] = pair;
            }
        }
        pairs = grown;
        used = size;
        account.take(-HeapSizes.references(old.length));
    }

    private int hash(byte[] bytes, int start, int length) {
        long hash = seed;
        for (int i = start; i < start + length; i++) {
            hash = (hash ^ bytes[i]) * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> 32;
        }
        return (int) hash;
    }
}
