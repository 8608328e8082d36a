package io.tally.search;

import org.jspecify.annotations.Nullable;

/**
 * One state of everything: two partitions, two instances with a transactional id each, their group. Copied before it is
 * changed.
 *
 * <p>The group is what its coordinator knows: which instances are members, and whom it has given the partitions. A
 * member knows what it owns. Who is no member any more finds out when it polls, or when its offsets are turned down.
 */
final class World {
    static final int NOBODY = 2;

    final Part[] parts = new Part[2];
    final Transaction[] transactions = new Transaction[2];
    final Lane[] lanes = new Lane[2];
    final int[] owners = new int[2];
    int members;

    /** The state that this was copied from, if that has numbers: what is the same there has the same. */
    private @Nullable World origin;

    private final int[] numbers = new int[6];
    private boolean isNumbered;

    World copy() {
        World copy = new World();
        copy.origin = isNumbered ? this : origin;
        for (int i = 0; i < 2; i++) {
            copy.parts[i] = parts[i];
            copy.transactions[i] = transactions[i];
            copy.lanes[i] = lanes[i];
            copy.owners[i] = owners[i];
        }
        copy.members = members;
        return copy;
    }

    /** To settle a transaction that is decided, with all its markers, changes nothing; it might as well have been. */
    void settleWhatIsDecided() {
        for (int i = 0; i < 2; i++) {
            if (lanes[i].isUnsettled() && transactions[i].status() == Transaction.Status.NONE) {
                lanes[i] = lanes[i].withUnsettled(false);
            }
        }
    }

    /** Two instances have started, with a partition each. */
    static World beginning() {
        World world = new World();
        for (int i = 0; i < 2; i++) {
            world.parts[i] = new Part(Part.NO_COMMIT, 0, 0);
            world.transactions[i] = Transaction.NONE;
            world.lanes[i] = Lane.STARTED.with(i, Slot.ASSIGNED);
            world.owners[i] = i;
        }
        world.members = 3;
        world.settleWhatIsDecided();
        return world;
    }

    static String name(int instance) {
        return instance == 0 ? "a" : "b";
    }

    boolean isMember(int instance) {
        return (members >> instance & 1) != 0;
    }

    /** Whether partitions can be given to it. */
    boolean canOwn(int instance) {
        return isMember(instance) && lanes[instance].isAlive();
    }

    boolean isPending(int partition) {
        return transactions[0].isPending(partition) || transactions[1].isPending(partition);
    }

    void join(int instance) {
        members |= 1 << instance;
    }

    void leave(int instance) {
        members &= ~(1 << instance);
    }

    /** Who is a member and who owns what, as one number. */
    int group() {
        return members << 4 | owners[0] << 2 | owners[1];
    }

    /** The same with the instances in each other's place. */
    int swappedGroup() {
        return (members >> 1 | (members & 1) << 1) << 4 | other(owners[0]) << 2 | other(owners[1]);
    }

    private static int other(int owner) {
        return owner == NOBODY ? NOBODY : 1 - owner;
    }

    /** Gives each of its values a number: parts, transactions and lanes of 0, then of 1. */
    void numbered(int... values) {
        System.arraycopy(values, 0, numbers, 0, values.length);
        isNumbered = true;
    }

    int partNumber(int partition, Interned<Part> all) {
        boolean isSame = origin != null && origin.parts[partition] == parts[partition];
        return isSame ? origin.numbers[3 * partition] : all.number(parts[partition]);
    }

    int transactionNumber(int instance, Interned<Transaction> all) {
        boolean isSame = origin != null && origin.transactions[instance] == transactions[instance];
        return isSame ? origin.numbers[3 * instance + 1] : all.number(transactions[instance]);
    }

    int laneNumber(int instance, Interned<Lane> all) {
        boolean isSame = origin != null && origin.lanes[instance] == lanes[instance];
        return isSame ? origin.numbers[3 * instance + 2] : all.number(lanes[instance]);
    }

    void group(int number) {
        members = number >> 4;
        owners[0] = number >> 2 & 3;
        owners[1] = number & 3;
    }
}
