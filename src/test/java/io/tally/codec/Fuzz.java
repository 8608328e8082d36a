package io.tally.codec;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
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

    private static final String[] ODD = {
        "\u0000", "\"", "'", "\\", "\r", "\n", "\r\n", "\u0001", "\u007f", "\u0085", "\u2028", "\uFEFF", "{", "]", "\t",
        "  "
    };

    /**
     * A copy damaged as records in the field are: cut, put together, with bytes that do not belong there, very long.
     */
    public static byte[] damage(Random random, byte[] original) {
        int length = original.length;
        int at = random.nextInt(length + 1);
        return switch (random.nextInt(9)) {
            case 0 -> Arrays.copyOf(original, at);
            case 1 -> Arrays.copyOfRange(original, at, length);
            case 2 -> splice(original, Math.min(at, Math.max(0, length - 1)), 0, Math.min(1, length));
            case 3 -> insert(original, at, ODD[random.nextInt(ODD.length)].getBytes(StandardCharsets.UTF_8));
            case 4 ->
                insert(
                        original,
                        random.nextBoolean() ? 0 : length,
                        ODD[random.nextInt(ODD.length)].getBytes(StandardCharsets.UTF_8));
            case 5 -> insert(original, at, new byte[] {(byte) (0x80 + random.nextInt(128))});
            case 6 -> insert(original, at, original);
            case 7 ->
                insert(
                        original,
                        at,
                        "x"
                                .repeat(random.nextInt(random.nextInt(20) == 0 ? 20_000 : 300))
                                .getBytes(StandardCharsets.UTF_8));
            default -> random.nextInt(20) == 0 ? new byte[0] : mutate(random, original);
        };
    }

    private static byte[] insert(byte[] bytes, int at, byte[] more) {
        byte[] result = Arrays.copyOf(bytes, bytes.length + more.length);
        System.arraycopy(more, 0, result, at, more.length);
        System.arraycopy(bytes, at, result, at + more.length, bytes.length - at);
        return result;
    }

    /** Drops {@code drop} bytes at {@code at}, or repeats {@code repeat}. */
    private static byte[] splice(byte[] bytes, int at, int drop, int repeat) {
        byte[] result = new byte[bytes.length - drop + repeat];
        System.arraycopy(bytes, 0, result, 0, at + repeat);
        System.arraycopy(bytes, at + drop, result, at + repeat, bytes.length - at - drop);
        return result;
    }
}
