package io.tally.search;

import io.tally.search.Lane.Phase;
import io.tally.search.Transaction.Status;

/** What can go wrong at any time; and hand-overs, since nothing else asks for them. */
final class FaultMoves {
    private final BrokerMoves broker;
    private final LaneMoves lanes;

    FaultMoves(BrokerMoves broker, LaneMoves lanes) {
        this.broker = broker;
        this.lanes = lanes;
    }

    void from(World world, int instance, Moves.Output out) {
        Lane lane = world.lanes[instance];
        if (lane.isAlive()) {
            World killed = world.copy();
            killed.lanes[instance] = Lane.DEAD;
            killed.transactions[instance] = world.transactions[instance].abandoned();
            out.accept(Step.CRASH, instance, 0, killed);
        }
        if (lane.isInTransaction()) {
            World next = world.copy();
            lanes.fail(next, instance);
            out.accept(Step.GIVE_UP, instance, 0, next);
        }
        end(Step.ABORT, world, instance, out);
        if (world.isMember(instance)) {
            out.accept(Step.EXPEL, instance, 0, GroupMoves.expelled(world, instance));
        }
        for (int partition = 0; partition < 2; partition++) {
            boolean canMove =
                    world.owners[partition] == instance && world.canOwn(instance) && world.canOwn(1 - instance);
            if (canMove && lane.is(Phase.IDLE) && !lane.isLeaving(partition)) {
                World next = world.copy();
                next.lanes[instance] = lane.withLeaving(lane.leaving() | 1 << partition);
                out.accept(Step.HAND_OVER, instance, partition, next);
            }
        }
    }

    void timeOut(World world, int instance, Moves.Output out) {
        end(Step.TIME_OUT, world, instance, out);
    }

    /** A lane whose transaction this is learns it at once, since nothing that it could do meanwhile would be taken. */
    private void end(Step step, World world, int instance, Moves.Output out) {
        if (world.transactions[instance].status() != Status.OPEN) {
            return;
        }
        World next = world.copy();
        if (world.lanes[instance].isInTransaction()) {
            lanes.fail(next, instance);
        }
        broker.abort(next, instance);
        out.accept(step, instance, 0, next);
    }
}
