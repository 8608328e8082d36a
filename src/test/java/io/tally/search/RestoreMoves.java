package io.tally.search;

import io.tally.search.Lane.Phase;
import io.tally.search.Slot.Kind;
import io.tally.search.Transaction.Status;

/** How an instance gets the memory of its partitions, one after the other, on a thread of its own. */
final class RestoreMoves {
    private final Model model;
    private final BrokerMoves broker;

    RestoreMoves(Model model, BrokerMoves broker) {
        this.model = model;
        this.broker = broker;
    }

    void from(World world, int instance, Moves.Output out) {
        Lane lane = world.lanes[instance];
        if (!lane.isAlive()) {
            return;
        }
        if (lane.isUnsettled()) {
            settle(world, instance, out);
            return;
        }
        for (int partition = 0; partition < 2; partition++) {
            if (lane.slot(partition).isRestoring() && !lane.isLeaving(partition)) {
                restore(world, instance, partition, out);
                return;
            }
        }
    }

    /** To initialise the transactional id ends what is open, and waits until all markers are there. */
    private void settle(World world, int instance, Moves.Output out) {
        if (world.transactions[instance].status() == Status.OPEN) {
            World next = world.copy();
            broker.abort(next, instance);
            out.accept(Step.SETTLE, instance, 0, next);
        }
    }

    private void restore(World world, int instance, int partition, Moves.Output out) {
        Lane lane = world.lanes[instance];
        Slot slot = lane.slot(partition);
        Part part = world.parts[partition];
        switch (slot.kind()) {
            case ASSIGNED -> {
                if (!world.isPending(partition) || model.has(Bug.READS_A_PENDING_OFFSET)) {
                    Slot read = new Slot(Kind.OFFSET_READ, part.commit(), 0);
                    out.accept(Step.READ_OFFSET, instance, partition, with(world, instance, partition, read));
                }
            }
            case OFFSET_READ -> {
                int waits = model.has(Bug.READS_STATE_TO_THE_LAST_STABLE_OFFSET) ? 0 : model.logs.undecided(part.log());
                if (waits == 0 && lane.is(Phase.IDLE)) {
                    readState(world, instance, partition, out);
                } else {
                    Slot known = new Slot(Kind.END_KNOWN, slot.number(), waits);
                    out.accept(Step.READ_STATE_END, instance, partition, with(world, instance, partition, known));
                }
            }
            default -> {
                if (slot.waits() == 0 && lane.is(Phase.IDLE)) {
                    readState(world, instance, partition, out);
                }
            }
        }
    }

    private void readState(World world, int instance, int partition, Moves.Output out) {
        Slot restored = restored(world, instance, partition);
        out.accept(Step.RESTORE, instance, partition, with(world, instance, partition, restored));
    }

    /**
     * Who has lost the partition meanwhile may read what its next owner has written, and refuse it. That is over when
     * it learns of its loss. The owner must never refuse.
     */
    private Slot restored(World world, int instance, int partition) {
        try {
            return Slot.active(model.memories.restored(
                    partition,
                    model.commit(world.lanes[instance].slot(partition).number()),
                    model.logs.readable(world.parts[partition].log()),
                    model.has(Bug.REPLAYS_ONE_MORE) ? 1 : 0));
        } catch (Violation.Refusal e) {
            if (world.isMember(instance) && world.owners[partition] == instance) {
                throw e;
            }
            return Slot.REFUSED;
        }
    }

    private static World with(World world, int instance, int partition, Slot slot) {
        World next = world.copy();
        next.lanes[instance] = world.lanes[instance].with(partition, slot);
        return next;
    }
}
