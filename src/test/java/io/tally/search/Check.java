package io.tally.search;

import io.tally.simulation.SimFold;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What must hold in each state. */
final class Check {
    private final Model model;
    /** What was looked at and found right. */
    private final Set<Long> right = new HashSet<>();

    Check(Model model) {
        this.model = model;
    }

    /**
     * For each partition: all that is committed is what the records before the committed offset mean, and a restore
     * makes of it what they mean.
     */
    void state(World world) {
        for (int partition = 0; partition < 2; partition++) {
            if (right.add(model.partKey(world, partition))) {
                partition(partition, model.decided(world, partition));
            }
        }
    }

    private void partition(int partition, Part part) {
        long offset = model.offset(part.commit());
        SimFold fold = model.scope.fold(partition, offset);
        List<String> sent = model.sent.get(part.sent());
        if (!sent.equals(fold.sent())) {
            throw new Violation("up to offset " + offset + " of partition " + partition + " is committed " + sent
                    + ", but its records mean " + fold.sent());
        }
        Memory restored = model.memories.get(model.restored(part, partition));
        if (!restored.open().equals(fold.open()) || restored.next() != offset) {
            throw new Violation("a restore of partition " + partition + " at offset " + offset + " makes "
                    + restored.open() + ", but its records mean " + fold.open());
        }
    }

    /** Nothing is left to do: then everything must be done, and everybody must be at work. */
    void end(World world) {
        for (int partition = 0; partition < 2; partition++) {
            Part part = world.parts[partition];
            long offset = model.offset(part.commit());
            if (offset != model.scope.end(partition) || !part.equals(model.decided(world, partition))) {
                throw new Violation("nothing is left to do, but partition " + partition + " is committed up to "
                        + offset + " of " + model.scope.end(partition));
            }
        }
        for (int instance = 0; instance < 2; instance++) {
            Lane lane = world.lanes[instance];
            if (!world.isMember(instance) || !lane.is(Lane.Phase.IDLE) || lane.isUnsettled()) {
                throw new Violation("nothing is left to do, but " + World.name(instance) + " is " + lane);
            }
        }
    }
}
