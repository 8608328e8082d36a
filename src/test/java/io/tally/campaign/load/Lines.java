package io.tally.campaign.load;

import io.tally.campaign.check.Rules;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Records of a source, the same for the same seed. Keys follow Zipf's law, the hot ones change. Values are hashes, so
 * that a sum names its records. Many event times are at the borders of windows, some are late, some records cannot be
 * read.
 */
public final class Lines {
    private static final long FIRST = 1_780_000_000_000L;
    /** Days before clocks go forward in Europe, and so long ago that no load comes to the present. */
    private static final long FIRST_DAY = 1_743_120_000_000L;

    private static final int KEYS = 300;
    private static final int VALUE_BITS = 40;
    private static final long HOT_FOR = 1_500;
    private static final double[] ZIPF = zipf(1.1);
    private static final String INVALID_UTF8 = "\u00c3\u0028";

    private final Rules rules;
    private final int perSecond;
    private final Random random;
    private long number;

    /**
     * A record to write.
     *
     * @param key null for none
     * @param value likewise; characters are bytes
     */
    public record Draft(@Nullable String key, @Nullable String value) {
        byte @Nullable [] keyBytes() {
            return bytes(key);
        }

        byte @Nullable [] valueBytes() {
            return bytes(value);
        }

        private static byte @Nullable [] bytes(@Nullable String text) {
            return text == null ? null : text.getBytes(StandardCharsets.ISO_8859_1);
        }
    }

    /** @param perSecond records in a second of event time */
    public Lines(Rules rules, long seed, int perSecond) {
        this.rules = rules;
        this.perSecond = perSecond;
        random = new Random(seed);
    }

    private static double[] zipf(double exponent) {
        double[] sums = new double[KEYS];
        double sum = 0;
        for (int rank = 0; rank < KEYS; rank++) {
            sum += Math.pow(rank + 1, -exponent);
            sums[rank] = sum;
        }
        for (int rank = 0; rank < KEYS; rank++) {
            sums[rank] /= sum;
        }
        return sums;
    }

    /** The event time that the load has reached. */
    public synchronized long now() {
        return (rules.stretch() == 1 ? FIRST : FIRST_DAY) + number * 1000 * rules.stretch() / perSecond;
    }

    public synchronized Draft next() {
        number++;
        String key = key();
        int dice = random.nextInt(1000);
        if (dice < 10) {
            return poison(key, dice);
        }
        return draft(key, time(dice));
    }

    /** One that closes all windows of the partition it goes to. */
    synchronized Draft closing(String key) {
        return draft(key, now() + 10 * (rules.size() + rules.grace()) + rules.lateness());
    }

    private Draft draft(String key, long time) {
        return new Draft(recordKey(key), time + " " + key + " " + value());
    }

    private @Nullable String recordKey(String key) {
        if (!rules.shuffled()) {
            return key;
        }
        return random.nextInt(4) == 0 ? null : "r" + random.nextInt(50);
    }

    private String key() {
        int rank = Arrays.binarySearch(ZIPF, random.nextDouble());
        long hot = number * 1000 / perSecond / HOT_FOR * 37;
        return "k" + ((rank < 0 ? -rank - 1 : rank) + hot) % KEYS;
    }

    /** SplitMix64 of the record's number. */
    private long value() {
        long z = number * 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return (z ^ (z >>> 31)) >>> (Long.SIZE - VALUE_BITS);
    }

    private long time(int dice) {
        long now = now();
        if (dice < 20) {
            return now - late();
        }
        if (dice < 60) {
            // The end of a window, or the last millisecond before it.
            long border = rules.border(now) - random.nextInt(2);
            return now - border <= rules.grace() ? border : now;
        }
        // The latest that is certainly in time, or anything else that is.
        return now - (dice < 70 ? rules.grace() : random.nextInt((int) rules.grace() + 1));
    }

    /**
     * Without a shuffle anything goes. With one, what is late depends on the other partitions where windows overlap, so
     * it is late for all of them; and it is not defined for sessions.
     */
    private long late() {
        if (!rules.shuffled()) {
            return random.nextInt((int) (3 * (rules.size() + rules.grace())));
        }
        return rules.kind() == Rules.Kind.SESSION
                ? random.nextInt((int) rules.grace() + 1)
                : 10_000 + 2 * rules.size() + random.nextInt(5_000);
    }

    private Draft poison(String key, int dice) {
        String now = now() + " ";
        return switch (dice) {
            case 0 -> new Draft(key, null);
            case 1 -> new Draft(key, "");
            case 2 -> new Draft(key, "noblank");
            case 3 -> new Draft(key, "0 " + key + " 1");
            case 4 -> new Draft(key, "253402300799000 " + key + " 1");
            case 5 -> new Draft(key, now + key + " 1e");
            case 6 -> new Draft(key, now + key + " many");
            case 7 -> new Draft(key, now + INVALID_UTF8 + " 1");
            case 8 -> rules.shuffled() ? new Draft(key, "never " + key + " 1") : new Draft(null, now + key + " 1");
            default -> rules.shuffled() ? new Draft(key, now + key + " 1,5") : new Draft("another", now + key + " 1");
        };
    }
}
