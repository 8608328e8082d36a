package io.tally.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import java.util.function.LongFunction;
import java.util.stream.LongStream;

/**
 * Many lives of a simulation, each made of one seed, on all processors. The first ones are the same in each build, and
 * meet everything that can happen; the others are new in each. {@code -Dtally.seeds=100000} runs more,
 * {@code -Dtally.seed=N} runs one again.
 */
public final class Seeds {
    /** Those that each build runs. What happens most rarely happens in one of 300 seeds; here it does. */
    private static final long FIRST_SAME = 1500;

    private static final int SAME = 400;

    /** One of them; its text says what the seed made and how far it got. */
    public interface Life<H> {
        void run();

        /** How often it met what. */
        Map<H, Long> happened();
    }

    private Seeds() {}

    /**
     * Lives them all, and says what they met.
     *
     * @param test named where one fails
     * @param seeds how many, if nobody says otherwise
     */
    public static <H extends Enum<H>> void run(
            Class<?> test, int seeds, Class<H> happenings, LongFunction<Life<H>> lives) {
        Long only = Long.getLong("tally.seed");
        int count = only != null ? 1 : Integer.getInteger("tally.seeds", seeds);
        long first = only != null ? only : new Random().nextInt();
        int same = Math.min(count, only != null ? 0 : SAME);
        System.out.println(test.getSimpleName() + ": " + same + " seeds from " + FIRST_SAME + ", " + (count - same)
                + " from " + first);
        Map<H, Long> happened = new EnumMap<>(happenings);
        LongStream all = LongStream.concat(
                LongStream.range(FIRST_SAME, FIRST_SAME + same), LongStream.range(first, first + count - same));
        all.parallel().forEach(seed -> {
            Map<H, Long> met = live(test, seed, lives);
            synchronized (happened) {
                met.forEach((what, times) -> happened.merge(what, times, Long::sum));
            }
        });
        System.out.println(test.getSimpleName() + ": " + happened);
        if (same == SAME) {
            assertThat(happened).as("what the seeds met").containsOnlyKeys(happenings.getEnumConstants());
        }
    }

    private static <H> Map<H, Long> live(Class<?> test, long seed, LongFunction<Life<H>> lives) {
        Life<H> life = lives.apply(seed);
        try {
            life.run();
        } catch (Throwable e) {
            String name = test.getSimpleName();
            throw new AssertionError(
                    "seed " + seed + " fails; repeat with mvn test -Dtest=" + name + " -Dtally.seed=" + seed + "\n"
                            + life + "\n" + e.getMessage(),
                    e);
        }
        return life.happened();
    }
}
