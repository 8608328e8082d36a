package io.tally.duel;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * What happens to a system while it reads a log.
 *
 * @param poll the most records of a poll of the instance that begins
 */
record DuelHistory(int poll, List<Turn> turns) {
    private static final int[] POLLS = {1, 3, 20, 500};
    private static final int MOST_TURNS = 5;

    enum Kind {
        /** As kill -9 does, and it is started again at once. */
        KILL,
        /** It is stopped as planned, and started again at once. */
        RESTART,
        /** A second instance joins. */
        JOIN,
        /** One of two is stopped as planned. */
        LEAVE,
        /** One of two is killed, and the other takes over. */
        TAKE_OVER
    }

    /**
     * A thing that happens.
     *
     * @param after so many records later than what happened before
     * @param poll of the instance that starts
     */
    record Turn(Kind kind, String instance, int after, int poll) {}

    /** @param records how many there are */
    static DuelHistory of(Random random, int records) {
        int poll = poll(random);
        List<Turn> turns = new ArrayList<>();
        List<String> running = new ArrayList<>(List.of("a"));
        int count = 1 + random.nextInt(MOST_TURNS);
        for (int i = 0; i < count; i++) {
            Kind kind = kind(random, running.size());
            String instance = running.get(random.nextInt(running.size()));
            if (kind == Kind.JOIN) {
                instance = running.contains("a") ? "b" : "a";
                running.add(instance);
            } else if (kind == Kind.LEAVE || kind == Kind.TAKE_OVER) {
                running.remove(instance);
            }
            turns.add(new Turn(kind, instance, 1 + random.nextInt(2 * records / (count + 1)), poll(random)));
        }
        return new DuelHistory(poll, List.copyOf(turns));
    }

    private static Kind kind(Random random, int running) {
        int dice = random.nextInt(10);
        if (dice < 5) {
            return Kind.KILL;
        }
        if (dice < 7) {
            return Kind.RESTART;
        }
        if (running == 1) {
            return Kind.JOIN;
        }
        return dice < 9 ? Kind.LEAVE : Kind.TAKE_OVER;
    }

    private static int poll(Random random) {
        return POLLS[random.nextInt(POLLS.length)];
    }
}
