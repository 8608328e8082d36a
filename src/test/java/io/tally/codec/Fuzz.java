package io.tally.codec;

import java.util.Random;

/** Randomness of tests: new in every run, printed, and repeatable with {@code -Dtally.seed=N}. */
public final class Fuzz {
    private Fuzz() {}

    public static Random random(Class<?> test) {
        long seed = Long.getLong("tally.seed", new Random().nextLong());
        System.out.println(test.getSimpleName() + ": repeat with -Dtally.seed=" + seed);
        return new Random(seed);
    }

    /** Up to {@code maxLength} bytes, each one of {@code alphabet} most of the time. */
    public static byte[] bytes(Random random, int maxLength, String alphabet) {
        byte[] bytes = new byte[random.nextInt(maxLength + 1)];
        boolean wild = random.nextInt(4) == 0;
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = wild || alphabet.isEmpty() || random.nextInt(50) == 0
                    ? (byte) random.nextInt(256)
                    : (byte) alphabet.charAt(random.nextInt(alphabet.length()));
        }
        return bytes;
    }

    /** A copy with a few bytes replaced, removed or doubled. */
    public static byte[] mutate(Random random, byte[] original) {
        byte[] bytes = original.clone();
        for (int i = random.nextInt(3); i >= 0 && bytes.length > 0; i--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(3)) {
                case 0 -> bytes[at] = (byte) random.nextInt(256);
                case 1 -> bytes = splice(bytes, at, 1, 0);
                default -> bytes = splice(bytes, at, 0, 1 + random.nextInt(bytes.length - at));
            }
        }
        return bytes;
    }

    /** Drops {@code drop} bytes at {@code at}, or repeats {@code repeat}. */
    private static byte[] splice(byte[] bytes, int at, int drop, int repeat) {
        byte[] result = new byte[bytes.length - drop + repeat];
        System.arraycopy(bytes, 0, result, 0, at + repeat);
        System.arraycopy(bytes, at + drop, result, at + repeat, bytes.length - at - drop);
        return result;
    }
}
