package io.tally.search;

/**
 * What can happen next. The first ones, in this order, are what happens once nothing goes wrong any more; the last ones
 * are faults, hand-overs among them.
 */
enum Step {
    TAKE_COMMIT("the coordinator takes the commit of %s"),
    OFFSET_MARKER("the offsets of %s get their marker"),
    STATE_MARKER("the state of partition %2$s gets the marker of %1$s"),
    CONFIRM("%s learns that it has committed"),
    LEARN("%s is turned down, for it is no member any more, and drops its memory"),
    RESTART("%s starts anew"),
    REJOIN("%s learns that it has lost its partitions, and joins again"),
    COMMIT("%s sends its offsets and asks for the commit"),
    SETTLE("%s settles its last transaction"),
    RELEASE("%s hands partition %s over"),
    DRAIN("%s writes what is dirty of partition %s"),
    READ_OFFSET("%s reads the committed offset of partition %s"),
    READ_STATE_END("%s finds undecided transactions in the state of partition %s, and waits for them"),
    RESTORE("%s reads the state of partition %s, replays, and goes to work"),
    TICK("%s writes what is due without records"),
    BATCH("%s folds %s of partition 0 and %s of partition 1, and writes what comes of them"),
    TIME_OUT("the open transaction of %s times out"),

    GIVE_UP("%s gives its transaction up, whatever became of it"),
    CRASH("%s is killed"),
    EXPEL("%s is taken for dead, and loses its partitions"),
    ABORT("the open transaction of %s is ended, by a time-out or by another instance"),
    HAND_OVER("%s is to hand partition %s over");

    private static final int BATCH_BITS = 4;
    private final String text;

    Step(String text) {
        this.text = text;
    }

    /** @param number of a partition; of a batch, those of its records */
    String text(int instance, int number) {
        return this == BATCH
                ? String.format(text, World.name(instance), number >> BATCH_BITS, number & (1 << BATCH_BITS) - 1)
                : String.format(text, World.name(instance), number);
    }

    /** The number that stands for so many records of the partitions. */
    static int batch(int first, int second) {
        return first << BATCH_BITS | second;
    }
}
