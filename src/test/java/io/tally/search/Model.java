package io.tally.search;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the parts of a search share: the product's memories, and the values that states have numbers of. */
final class Model {
    private static final int PART_BITS = 16;
    private static final int TRANSACTION_BITS = 16;
    private static final int LANE_BITS = 26;

    final Scope scope;
    final Memories memories;
    final Logs logs = new Logs();
    final Interned<Commit> commits = new Interned<>();
    final Interned<List<String>> sent = new Interned<>();
    final Interned<Transaction.Content> contents = new Interned<>();
    private final Interned<Part> parts = new Interned<>();
    private final Interned<Transaction> transactions = new Interned<>();
    private final Interned<Lane> lanes = new Interned<>();
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

    int number(Part part) {
        return checked(parts.number(part), PART_BITS);
    }

    int number(Transaction transaction) {
        return checked(transactions.number(transaction), TRANSACTION_BITS);
    }

    /** The state as two numbers, the same with the instances in each other's place. */
    Key key(World world) {
        Key key = numbers(world);
        World swapped = world.swapped();
        for (int i = 0; i < 2; i++) {
            swapped.parts[i] = swapped.parts[i].withLog(logs.swapped(swapped.parts[i].log()));
        }
        Key other = numbers(swapped);
        boolean isLess = other.high < key.high || (other.high == key.high && other.low < key.low);
        return isLess ? other : key;
    }

    record Key(long high, long low) {}

    private Key numbers(World world) {
        long high = (long) checked(lanes.number(world.lanes[0]), LANE_BITS) << LANE_BITS + 8
                | (long) checked(lanes.number(world.lanes[1]), LANE_BITS) << 8
                | world.group();
        long low = 0;
        for (int i = 0; i < 2; i++) {
            low = low << PART_BITS | number(world.parts[i]);
            low = low << TRANSACTION_BITS | number(world.transactions[i]);
        }
        return new Key(high, low);
    }

    World world(Key key) {
        long high = key.high;
        long low = key.low;
        World world = new World();
        world.group((int) (high & 0xff));
        world.lanes[0] = lanes.get((int) (high >>> LANE_BITS + 8));
        world.lanes[1] = lanes.get((int) (high >>> 8) & (1 << LANE_BITS) - 1);
        for (int i = 0; i < 2; i++) {
            int shift = (1 - i) * (PART_BITS + TRANSACTION_BITS);
            world.parts[i] = parts.get((int) (low >>> shift + TRANSACTION_BITS) & (1 << PART_BITS) - 1);
            world.transactions[i] = transactions.get((int) (low >>> shift) & (1 << TRANSACTION_BITS) - 1);
        }
        return world;
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
