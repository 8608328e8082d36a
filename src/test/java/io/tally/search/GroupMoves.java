package io.tally.search;

import io.tally.search.Lane.Phase;
import io.tally.search.Slot.Kind;

/** Who has which partition: planned hand-overs, members that are taken for dead, restarts. */
final class GroupMoves {
    private final Model model;

    GroupMoves(Model model) {
        this.model = model;
    }

    void from(World world, int instance, Moves.Output out) {
        Lane lane = world.lanes[instance];
        if (!lane.isAlive()) {
            out.accept(Step.RESTART, instance, 0, restarted(world, instance));
        } else if (!world.isMember(instance) && lane.is(Phase.IDLE)) {
            out.accept(Step.REJOIN, instance, 0, rejoined(world, instance));
        }
        for (int partition = 0; partition < 2; partition++) {
            if (world.isMember(instance)
                    && lane.is(Phase.IDLE)
                    && lane.isLeaving(partition)
                    && isWritten(lane.slot(partition))) {
                out.accept(Step.RELEASE, instance, partition, released(world, instance, partition));
            }
        }
    }

    private boolean isWritten(Slot slot) {
        return !slot.isActive() || !model.memories.get(slot.number()).isDirty();
    }

    private World released(World world, int instance, int partition) {
        World next = world.copy();
        Lane lane = world.lanes[instance];
        Slot slot = lane.slot(partition);
        boolean keeps = model.has(Bug.KEEPS_A_RELEASED_PARTITION) && slot.isActive();
        Slot left = keeps ? new Slot(Kind.PARKED, slot.number(), 0) : Slot.NONE;
        next.lanes[instance] =
                lane.withLeaving(lane.leaving() & ~(1 << partition)).with(partition, left);
        give(next, partition, world.canOwn(1 - instance) ? 1 - instance : instance);
        return next;
    }

    /** With a static membership, it has what it had, unless it was taken for dead meanwhile. */
    private static World restarted(World world, int instance) {
        World next = world.copy();
        next.lanes[instance] = Lane.STARTED;
        next.join(instance);
        for (int partition = 0; partition < 2; partition++) {
            if (world.owners[partition] == instance || world.owners[partition] == World.NOBODY) {
                give(next, partition, instance);
            }
        }
        return next;
    }

    private static World rejoined(World world, int instance) {
        World next = world.copy();
        next.lanes[instance] =
                world.lanes[instance].withLeaving(0).with(0, Slot.NONE).with(1, Slot.NONE);
        next.join(instance);
        for (int partition = 0; partition < 2; partition++) {
            if (world.owners[partition] == World.NOBODY) {
                give(next, partition, instance);
            }
        }
        return next;
    }

    /** Its partitions go to the other instance, if that is a member. */
    static World expelled(World world, int instance) {
        World next = world.copy();
        next.leave(instance);
        for (int partition = 0; partition < 2; partition++) {
            if (world.owners[partition] == instance) {
                if (world.canOwn(1 - instance)) {
                    give(next, partition, 1 - instance);
                } else {
                    next.owners[partition] = World.NOBODY;
                }
            }
        }
        return next;
    }

    private static void give(World next, int partition, int instance) {
        next.owners[partition] = instance;
        Lane lane = next.lanes[instance];
        Slot slot = lane.slot(partition);
        next.lanes[instance] =
                lane.with(partition, slot.kind() == Kind.PARKED ? Slot.active(slot.number()) : Slot.ASSIGNED);
    }
}
