package io.tally.search;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the parts of a search share: the product's memories, and the values that states have numbers of. */
final class Model {
    private static final int PART_BITS = 20;
    private static final int TRANSACTION_BITS = 12;
    private static final int LANE_BITS = 26;
    private static final int GROUP_BITS = 8;

    final Scope scope;
    final Memories memories;
    final Logs logs = new Logs();
    final Interned<Commit> commits = new Interned<>();
    final Interned<List<String>> sent = new Interned<>();
    final Interned<Transaction.Content> contents = new Interned<>();
    private final Interned<Part> parts = new Interned<>();
    private final Interned<Transaction> transactions = new Interned<>();
    private final Interned<Lane> lanes = new Interned<>();
    private final Remembered swappedParts = new Remembered();
    private final Remembered swappedLanes = new Remembered();
    private final @Nullable Bug bug;

    Model(Scope scope, @Nullable Bug bug) {
        this.scope = scope;
        this.bug = bug;
        memories = new Memories(scope);
        sent.number(List.of());
    }

    boolean has(Bug one) {
        return bug == one;
    }

    /** The offset that a number of a commit stands for. */
    long offset(int commit) {
        return commit == Part.NO_COMMIT ? 0 : commits.get(commit).offset();
    }

    @Nullable
    Commit commit(int number) {
        return number == Part.NO_COMMIT ? null : commits.get(number);
    }

    /** What is committed of a partition, and of which nothing can keep it from becoming visible. */
    Part decided(World world, int partition) {
        Part part = world.parts[partition];
        for (int instance = 0; instance < 2; instance++) {
            Transaction transaction = world.transactions[instance];
            boolean commits = transaction.status() == Transaction.Status.COMMITTING;
            if (commits && transaction.isPending(partition)) {
                part = part.withCommit(
                        contents.get(transaction.content(partition)).commit());
            }
            part = part.withLog(logs.decide(part.log(), instance, commits));
        }
        return part;
    }

    /** Number of the memory that a restore of that makes. */
    int restored(Part part, int partition) {
        return memories.restored(partition, commit(part.commit()), logs.readable(part.log()), 0);
    }

    /** The state as two numbers, the same with the instances in each other's place. */
    Key key(World world) {
        int firstPart = checked(world.partNumber(0, parts), PART_BITS);
        int secondPart = checked(world.partNumber(1, parts), PART_BITS);
        int first = checked(world.transactionNumber(0, transactions), TRANSACTION_BITS);
        int second = checked(world.transactionNumber(1, transactions), TRANSACTION_BITS);
        int firstLane = checked(world.laneNumber(0, lanes), LANE_BITS);
        int secondLane = checked(world.laneNumber(1, lanes), LANE_BITS);
        Key key = key(firstPart, secondPart, first, second, firstLane, secondLane, world.group());
        Key swapped = key(
                swappedPart(firstPart),
                swappedPart(secondPart),
                second,
                first,
                swappedLane(secondLane),
                swappedLane(firstLane),
                world.swappedGroup());
        boolean isLess = swapped.high < key.high || (swapped.high == key.high && swapped.low < key.low);
        return isLess ? swapped : key;
    }

    record Key(long high, long low) {}

    private static Key key(
            int firstPart, int secondPart, int first, int second, int firstLane, int secondLane, int group) {
        return new Key(
                (long) firstLane << LANE_BITS + GROUP_BITS | (long) secondLane << GROUP_BITS | group,
                ((long) firstPart << TRANSACTION_BITS | first) << PART_BITS + TRANSACTION_BITS
                        | (long) secondPart << TRANSACTION_BITS
                        | second);
    }

    private int swappedPart(int number) {
        return swappedParts.of(number, () -> {
            Part part = parts.get(number);
            return checked(parts.number(part.withLog(logs.swapped(part.log()))), PART_BITS);
        });
    }

    private int swappedLane(int number) {
        return swappedLanes.of(
                number, () -> checked(lanes.number(lanes.get(number).swapped()), LANE_BITS));
    }

    World world(Key key) {
        int[] numbers = {
            (int) (key.low >>> PART_BITS + 2 * TRANSACTION_BITS),
            (int) (key.low >>> PART_BITS + TRANSACTION_BITS) & (1 << TRANSACTION_BITS) - 1,
            (int) (key.high >>> LANE_BITS + GROUP_BITS),
            (int) (key.low >>> TRANSACTION_BITS) & (1 << PART_BITS) - 1,
            (int) key.low & (1 << TRANSACTION_BITS) - 1,
            (int) (key.high >>> GROUP_BITS) & (1 << LANE_BITS) - 1
        };
        World world = new World();
        world.group((int) key.high & (1 << GROUP_BITS) - 1);
        for (int i = 0; i < 2; i++) {
            world.parts[i] = parts.get(numbers[3 * i]);
            world.transactions[i] = transactions.get(numbers[3 * i + 1]);
            world.lanes[i] = lanes.get(numbers[3 * i + 2]);
        }
        world.numbered(numbers);
        return world;
    }

    /** Part and transactions of a partition, as one number. */
    long partKey(World world, int partition) {
        return ((long) world.partNumber(partition, parts) << TRANSACTION_BITS
                                | world.transactionNumber(0, transactions))
                        << TRANSACTION_BITS + 1
                | (long) world.transactionNumber(1, transactions) << 1
                | partition;
    }

    private static int checked(int number, int bits) {
        if (number >> bits != 0) {
            throw new IllegalStateException("more than 2^" + bits + " different values in a place of a state");
        }
        return number;
    }

    @Override
    public String toString() {
        return memories.size() + " memories, " + parts.size() + " parts, " + transactions.size() + " transactions, "
                + lanes.size() + " lanes, " + logs.size() + " logs, " + memories.runs() + " runs";
    }
}
