package io.tally.search;

import io.tally.search.Lane.Phase;
import io.tally.search.Transaction.Content;
import io.tally.search.Transaction.Status;
import java.util.ArrayList;
import java.util.List;

/** What an instance does with records and transactions, step by step as a lane does, and how that fails. */
final class LaneMoves {
    private final Model model;

    LaneMoves(Model model) {
        this.model = model;
    }

    void from(World world, int instance, Moves.Output out) {
        switch (world.lanes[instance].phase()) {
            case DEAD -> {}
            case IDLE -> {
                if (mayBegin(world, instance)) {
                    begin(world, instance, out);
                }
            }
            case WRITTEN -> commit(world, instance, out);
            case COMMIT_SENT -> confirm(world, instance, out);
        }
    }

    private void begin(World world, int instance, Moves.Output out) {
        Lane lane = world.lanes[instance];
        if (lane.leaving() == 0) {
            batches(world, instance, out);
            tick(world, instance, out);
            return;
        }
        for (int partition = 0; partition < 2; partition++) {
            Slot slot = lane.slot(partition);
            if (lane.isLeaving(partition)
                    && slot.isActive()
                    && model.memories.get(slot.number()).isDirty()) {
                World next = world.copy();
                next.lanes[instance] = lane.withBatch(1 << partition)
                        .with(partition, Slot.active(model.memories.drained(slot.number())));
                write(next, instance);
                out.accept(Step.DRAIN, instance, partition, next);
            }
        }
    }

    /**
     * A poll has any number of records. What happens between two of them needs no states of its own: until something is
     * sent, nobody but the instance knows of it.
     */
    private void batches(World world, int instance, Moves.Output out) {
        Lane lane = world.lanes[instance];
        int mostFirst = left(lane, 0);
        int mostSecond = left(lane, 1);
        for (int first = 0; first <= mostFirst; first++) {
            for (int second = 0; second <= mostSecond; second++) {
                if (first + second > 0) {
                    World next = world.copy();
                    next.lanes[instance] = folded(folded(lane, 0, first), 1, second);
                    complete(next, instance);
                    out.accept(Step.BATCH, instance, Step.batch(first, second), next);
                }
            }
        }
    }

    /** How many records an active partition waits for. */
    private int left(Lane lane, int partition) {
        Slot slot = lane.slot(partition);
        return slot.isActive()
                ? (int) (model.scope.end(partition)
                        - model.memories.get(slot.number()).next())
                : 0;
    }

    private Lane folded(Lane lane, int partition, int records) {
        if (records == 0) {
            return lane;
        }
        int memory = lane.slot(partition).number();
        for (int i = 0; i < records; i++) {
            memory = model.memories.folded(memory);
        }
        return lane.with(partition, Slot.active(memory)).withBatch(lane.batch() | 1 << partition);
    }

    private void tick(World world, int instance, Moves.Output out) {
        Lane lane = world.lanes[instance];
        int due = 0;
        for (int partition = 0; partition < 2; partition++) {
            Slot slot = lane.slot(partition);
            if (slot.isActive() && model.memories.get(slot.number()).isDue()) {
                due |= 1 << partition;
            }
        }
        if (due != 0) {
            World next = world.copy();
            next.lanes[instance] = lane.withBatch(due);
            complete(next, instance);
            out.accept(Step.TICK, instance, 0, next);
        }
    }

    /** A client can begin a transaction once the markers of its last one are all there. */
    private boolean mayBegin(World world, int instance) {
        Transaction transaction = world.transactions[instance];
        boolean goesOn =
                model.has(Bug.SKIPS_THE_SETTLING) && transaction.status() == Status.OPEN && !transaction.isCommitSent();
        return !world.lanes[instance].isUnsettled() && (transaction.status() == Status.NONE || goesOn);
    }

    private void complete(World next, int instance) {
        Lane lane = next.lanes[instance];
        for (int partition = 0; partition < 2; partition++) {
            if (lane.hasInBatch(partition)) {
                int completed = model.memories.completed(lane.slot(partition).number());
                lane = lane.with(partition, Slot.active(completed));
            }
        }
        next.lanes[instance] = lane;
        write(next, instance);
    }

    /** Everything but the offsets is sent. */
    private void write(World next, int instance) {
        if (next.transactions[instance].status() == Status.NONE) {
            next.transactions[instance] = Transaction.BEGUN;
        }
        Lane lane = next.lanes[instance];
        for (int partition = 0; partition < 2; partition++) {
            if (!lane.hasInBatch(partition)) {
                continue;
            }
            int number = lane.slot(partition).number();
            Memory memory = model.memories.get(number);
            Commit commit = memory.commit();
            if (commit == null) {
                throw new Violation("a batch was sent before it was complete");
            }
            Part part = next.parts[partition];
            boolean inTransaction = !model.has(Bug.WRITES_STATE_OUTSIDE_THE_TRANSACTION);
            next.parts[partition] =
                    part.withLog(model.logs.append(part.log(), memory.written(), instance, inTransaction));
            Transaction transaction = next.transactions[instance];
            List<String> sent = new ArrayList<>();
            if (transaction.content(partition) != Transaction.NOTHING) {
                sent.addAll(model.contents.get(transaction.content(partition)).sent());
            }
            sent.addAll(memory.sent());
            Content content = new Content(memory.from(), model.commits.number(commit), List.copyOf(sent), number);
            next.transactions[instance] = transaction.withContent(partition, model.contents.number(content));
        }
        next.lanes[instance] = lane.with(Phase.WRITTEN);
    }

    /**
     * The group turns down whoever is no member any more. That the offsets are there and the commit is not asked for
     * needs no state of its own: a request that never arrives is the same.
     */
    private void commit(World world, int instance, Moves.Output out) {
        World next = world.copy();
        if (!world.isMember(instance) && !model.has(Bug.SENDS_OFFSETS_WITHOUT_A_GENERATION)) {
            fail(next, instance);
            out.accept(Step.LEARN, instance, 0, next);
            return;
        }
        Lane lane = world.lanes[instance];
        int pending = model.has(Bug.COMMITS_WITHOUT_OFFSETS) ? 0 : lane.batch();
        next.transactions[instance] =
                world.transactions[instance].withPending(pending).sent();
        next.lanes[instance] = lane.with(Phase.COMMIT_SENT);
        out.accept(Step.COMMIT, instance, 0, next);
    }

    private void confirm(World world, int instance, Moves.Output out) {
        Lane lane = world.lanes[instance];
        if (world.transactions[instance].status() == Status.OPEN) {
            return;
        }
        World next = world.copy();
        Lane idle = lane.idle();
        for (int partition = 0; partition < 2; partition++) {
            if (lane.hasInBatch(partition)) {
                idle = idle.with(partition, cleared(lane.slot(partition)));
            }
        }
        next.lanes[instance] = idle;
        out.accept(Step.CONFIRM, instance, 0, next);
    }

    private Slot cleared(Slot slot) {
        return Slot.active(model.memories.cleared(slot.number()));
    }

    /** Whatever it was: all memory is dropped, and what is committed decides. */
    void fail(World next, int instance) {
        Lane lane = next.lanes[instance];
        boolean skips = model.has(Bug.SKIPS_THE_SETTLING);
        Lane failed = lane.idle().withUnsettled(!skips);
        for (int partition = 0; partition < 2; partition++) {
            Slot slot = lane.slot(partition);
            if (slot.isActive() || slot.isRestoring()) {
                failed = failed.with(partition, slot.isActive() ? afterFailure(lane, partition) : Slot.ASSIGNED);
            }
        }
        next.lanes[instance] = failed;
        if (!skips) {
            next.transactions[instance] = next.transactions[instance].abandoned();
        }
    }

    private Slot afterFailure(Lane lane, int partition) {
        boolean unknown = lane.is(Phase.COMMIT_SENT);
        Slot slot = lane.slot(partition);
        boolean keeps = unknown
                ? model.has(Bug.CONFIRMS_BEFORE_THE_COMMIT) || model.has(Bug.SEEKS_TO_THE_BATCH)
                : model.has(Bug.KEEPS_MEMORY_AFTER_AN_ABORT);
        if (!keeps) {
            return Slot.ASSIGNED;
        }
        if (!lane.hasInBatch(partition)) {
            return slot;
        }
        return model.has(Bug.SEEKS_TO_THE_BATCH) ? Slot.active(model.memories.undone(slot.number())) : cleared(slot);
    }
}
