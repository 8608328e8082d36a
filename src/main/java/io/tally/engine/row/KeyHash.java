package io.tally.engine.row;

import io.tally.engine.session.SessionTable;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.util.Random;

/**
 * Hash of a key's bytes for {@link RowTable} and {@link SessionTable}. Each process has its own secret, so that nobody
 * can choose keys that collide. Nothing durable and no order of rows depends on it.
 *
 * <p>Each eight bytes are added to a secret of their place, and the two halves multiplied. The sum of the products is
 * NH of UMAC (Black, Halevi, Krawczyk, Krovetz, Rogaway: CRYPTO 1999): any two different keys have the same sum with a
 * chance of one in 2^32 over the secrets. SplitMix64's finisher then spreads the sum over all bits without losing any
 * of it. Without the secrets, or with a multiplication alone, there are families of ordinary keys that meet in a few
 * slots, since the upper bits of a word never reach the lower ones of its product.
 */
public final class KeyHash {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long UNSIGNED = 0xFFFF_FFFFL;
    /** How many words have secrets of their own. After these the secrets repeat, once the sum has been mixed. */
    private static final int WORDS = 64;

    private static final long[] SECRETS = secrets(new SecureRandom());
    private static final long[] OTHER_SECRETS = secrets(new SecureRandom());

    private KeyHash() {}

    public static int of(byte[] bytes, int start, int length) {
        return of(SECRETS, bytes, start, length);
    }

    /** Two independent hashes in one: two different keys have the same with a chance of one in 2^64. */
    public static long wide(byte[] bytes, int start, int length) {
        return (long) of(SECRETS, bytes, start, length) << 32 | (of(OTHER_SECRETS, bytes, start, length) & UNSIGNED);
    }

    /** New secrets, for {@link #of(long[], byte[], int, int)}. */
    static long[] secrets(Random random) {
        return random.longs(WORDS).toArray();
    }

    static int of(long[] secrets, byte[] bytes, int start, int length) {
        long sum = length;
        int word = 0;
        if (length > Long.BYTES) {
            int last = start + length - Long.BYTES;
            for (int at = start; at < last; at += Long.BYTES) {
                sum += product((long) LONG.get(bytes, at), secrets[word]);
                if (++word == WORDS) {
                    sum = mix(sum);
                    word = 0;
                }
            }
            // The last word may overlap the one before. Which bytes count twice depends on the length alone.
            sum += product((long) LONG.get(bytes, last), secrets[word]);
        } else {
            sum += product(shortWord(bytes, start, length), secrets[0]);
        }
        return (int) (mix(sum) >>> 32);
    }

    /** A key of up to eight bytes as one word; some of its bytes may be in it twice. */
    private static long shortWord(byte[] bytes, int start, int length) {
        if (length >= Integer.BYTES) {
            return ((int) INT.get(bytes, start) & UNSIGNED)
                    | (long) (int) INT.get(bytes, start + length - Integer.BYTES) << 32;
        }
        if (length == 0) {
            return 0;
        }
        return ((bytes[start] & 0xFFL) << 16)
                | ((bytes[start + length / 2] & 0xFFL) << 8)
                | (bytes[start + length - 1] & 0xFFL);
    }

    private static long product(long word, long secret) {
        long low = word + secret & UNSIGNED;
        long high = (word >>> 32) + (secret >>> 32) & UNSIGNED;
        return low * high;
    }

    private static long mix(long sum) {
        long mixed = (sum ^ sum >>> 30) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
        return mixed ^ mixed >>> 31;
    }
}
