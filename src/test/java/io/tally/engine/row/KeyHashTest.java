package io.tally.engine.row;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.IntFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How many slots a search looks at, in an index like that of {@link RowTable} when it is fullest. */
class KeyHashTest {
    /** Just before the index of 2^14 slots grows. */
    private static final int KEYS = 10_922;

    private static final int SLOTS = 1 << 14;
    private static final int SECRETS = 20;

    /**
     * Random hashes need (1 + 1 / (1 - 2/3)) / 2 probes on average (Knuth 6.4), and a single one rarely more than 100.
     */
    private static final double MEAN = 2.5;

    private static final int MOST = 250;

    enum Family {
        RANDOM(i -> bytes(new Random(i).nextLong(), 8)),
        SHORT_SERIAL(text("M%06d")),
        SERIAL(text("MV%05d")),
        SERIAL_FIRST(text("%05dAB")),
        LETTERS(i -> {
            byte[] key = "AAAAAAA".getBytes(StandardCharsets.US_ASCII);
            for (int at = 0, rest = i; rest > 0; rest /= 26) {
                key[at++] += (byte) (rest % 26);
            }
            return key;
        }),
        ORDER(text("ORD-2026-%07d-X")),
        NUMBER(text("%d")),
        HEX(text("%x")),
        USER(text("user-%d")),
        PLATE(i -> ascii("" + letter(i / 1000) + letter(i / 100) + "-" + letter(i / 10) + letter(i) + " "
                + (1000 + i * 7 % 9000))),
        COUNTRY_PLATE(i -> ascii(String.format(
                        "%c%c%02d%c%c%c",
                        letter(i), letter(i / 26), i / 26 % 100, letter(i / 7), letter(i / 3), letter(i * 5 + i / 676))
                + i % 10
                + i / 10 % 10
                + i / 100)),
        RANDOM_UUID(i -> ascii(new UUID(new Random(i).nextLong(), new Random(~i).nextLong()).toString())),
        UUID_BY_TIME(i ->
                ascii(new UUID(0x0195_0000_0000_7000L + ((long) i << 16), 0x8000_0000_0000_0000L).toString())),
        IPV4(i -> ascii("10." + i % 4 + "." + (i >> 10) + "." + (i >> 2) % 256)),
        IPV4_BYTES(i -> new byte[] {10, (byte) (i >> 14), (byte) (i >> 7 & 127), (byte) (i & 127)}),
        IPV6(text("2001:db8:85a3::8a2e:370:%x")),
        URL(text("https://shop.example.com/products/%d/reviews?sort=new")),
        E_MAIL(text("anna.schmidt%d@example.org")),
        COMPOSITE(i -> ascii("de|" + i % 16 + "|checkout|" + i / 16)),
        /** What a multiplication alone takes for one key, in either order of bytes. */
        FIRST_BYTES_OF_SEVEN(i -> new byte[] {(byte) (i >> 6), (byte) (i << 2), 3, 4, 5, 6, 7}),
        UPPER_BITS_OF_SEVEN_BYTES(i -> bytes((long) i << 42, 7)),
        UPPER_BITS(i -> bytes((long) i << 50, 8)),
        UPPER_HALVES(i -> bytes((long) (i & 127) << 57 | (long) (i >> 7) << 25, 8)),
        UPPER_BITS_OF_TWO_WORDS(i -> bytes(i % 100 * (1L << 57), (long) (i / 100) << 57, 16)),
        UPPER_BITS_BEFORE_A_REST(i -> bytes((long) i << 50, 1, 11)),
        /** x and -x, whose products have the same digits. */
        BOTH_SIGNS(i -> bytes(i % 2 == 0 ? i / 2 + 1 : -(i / 2 + 1), 8)),
        SWAPPED_WORDS(i -> i % 2 == 0 ? bytes(i, i + 1, 16) : bytes(i, i - 1, 16)),
        SWAPPED_HALVES(i -> bytes(i % 2 == 0 ? (long) i << 32 | i + 1 : (long) i << 32 | i - 1, 8)),
        TWO_BITS(i -> bytes(1L << i % 64 | 1L << i / 64 % 64, 1L << i / 4096, 16)),
        ZEROS(i -> new byte[i + 1]),
        SAME_BYTES(i -> {
            byte[] same = new byte[1 + i / 256];
            Arrays.fill(same, (byte) i);
            return same;
        }),
        /** One block of words, then another that differs in one of them: secrets come again there. */
        LONG(i -> {
            byte[] key = new byte[64 * 8 * 2 + 8];
            key[i % 128 * 8 + 3] = (byte) (1 + i / 128);
            return key;
        }),
        /** Equal to String.hashCode. */
        SAME_JAVA_HASH(i -> {
            StringBuilder key = new StringBuilder();
            for (int bit = 0; bit < 14; bit++) {
                key.append((i >> bit & 1) == 0 ? "Aa" : "BB");
            }
            return ascii(key.toString());
        });

        final IntFunction<byte[]> key;

        Family(IntFunction<byte[]> key) {
            this.key = key;
        }

        List<byte[]> keys() {
            List<byte[]> keys = new ArrayList<>();
            Set<String> different = new HashSet<>();
            for (int i = 0; keys.size() < KEYS && i < 2 * KEYS; i++) {
                byte[] next = key.apply(i);
                if (different.add(new String(next, StandardCharsets.ISO_8859_1))) {
                    keys.add(next);
                }
            }
            return keys;
        }
    }

    @ParameterizedTest
    @EnumSource
    void spreadsKeys(Family family) {
        List<byte[]> keys = family.keys();
        assertThat(keys).as("different keys").hasSizeGreaterThan(KEYS / 2);
        for (int seed = 0; seed < SECRETS; seed++) {
            spreads(keys, KeyHash.secrets(new Random(seed)));
        }
    }

    /** Somebody who knows the secrets of one process can choose keys against it, but not against another. */
    @ParameterizedTest
    @EnumSource(names = {"NUMBER", "ORDER", "RANDOM", "URL"})
    void spreadsKeysThatCollideWithOtherSecrets(Family family) {
        long[] known = KeyHash.secrets(new Random(1000));
        List<byte[]> chosen = new ArrayList<>();
        for (int i = 0; chosen.size() < KEYS / 8; i++) {
            byte[] key = family.key.apply(i);
            if ((KeyHash.of(known, key, 0, key.length) & 255) == 0) {
                chosen.add(key);
            }
        }
        assertThat(probes(chosen, known, SLOTS / 8)[0]).as("mean, times 100").isGreaterThan(1000);
        for (int seed = 0; seed < SECRETS; seed++) {
            spreads(chosen, KeyHash.secrets(new Random(seed)));
        }
    }

    private static void spreads(List<byte[]> keys, long[] secrets) {
        int slots = Integer.highestOneBit(keys.size() * 3 / 2 - 1) * 2;
        int[] meanAndMost = probes(keys, secrets, slots);
        assertThat(meanAndMost[0]).as("mean number of probes, times 100").isLessThan((int) (100 * MEAN));
        assertThat(meanAndMost[1]).as("most probes").isLessThan(MOST);
    }

    /** Inserts the keys one by one; returns the mean number of probes of a search, times 100, and the greatest. */
    private static int[] probes(List<byte[]> keys, long[] secrets, int slots) {
        boolean[] taken = new boolean[slots];
        long all = 0;
        int most = 0;
        for (byte[] key : keys) {
            int slot = KeyHash.of(secrets, key, 0, key.length) & slots - 1;
            int probes = 1;
            for (; taken[slot]; probes++) {
                slot = slot + 1 & slots - 1;
            }
            taken[slot] = true;
            all += probes;
            most = Math.max(most, probes);
        }
        return new int[] {(int) (100 * all / keys.size()), most};
    }

    /** A key is the same wherever it is in a buffer, and whatever is beside it. */
    @ParameterizedTest
    @EnumSource(names = {"NUMBER", "UPPER_BITS_BEFORE_A_REST", "ZEROS", "LONG"})
    void looksAtNothingButTheKey(Family family) {
        for (int i = 0; i < 2000; i++) {
            byte[] key = family.key.apply(i);
            byte[] buffer = new byte[key.length + 30];
            new Random(i).nextBytes(buffer);
            System.arraycopy(key, 0, buffer, i % 17, key.length);
            assertThat(KeyHash.of(buffer, i % 17, key.length)).isEqualTo(KeyHash.of(key, 0, key.length));
        }
    }

    private static IntFunction<byte[]> text(String format) {
        return i -> ascii(String.format(format, i));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static char letter(int i) {
        return (char) ('A' + i % 26);
    }

    private static byte[] bytes(long word, int length) {
        return bytes(word, 0, length);
    }

    private static byte[] bytes(long word, long next, int length) {
        byte[] both = ByteBuffer.allocate(16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(word)
                .putLong(next)
                .array();
        return Arrays.copyOf(both, length);
    }
}
