package io.tally.search;

import io.tally.search.Transaction.Content;
import io.tally.search.Transaction.Status;
import java.util.ArrayList;
import java.util.List;

/** What the transaction coordinator does: it decides, and the markers come one by one, in any order. */
final class BrokerMoves {
    private final Model model;

    BrokerMoves(Model model) {
        this.model = model;
    }

    void from(World world, int instance, Moves.Output out) {
        Transaction transaction = world.transactions[instance];
        switch (transaction.status()) {
            case NONE -> {}
            case OPEN -> {
                if (transaction.isCommitSent()) {
                    World next = world.copy();
                    commit(next, instance);
                    out.accept(Step.TAKE_COMMIT, instance, 0, next);
                }
            }
            case COMMITTING, ABORTING -> {
                if (transaction.pending() != 0) {
                    World next = world.copy();
                    markOffsets(next, instance);
                    out.accept(Step.OFFSET_MARKER, instance, 0, next);
                }
                for (int partition = 0; partition < 2; partition++) {
                    if (isUndecided(world, instance, partition)) {
                        World next = world.copy();
                        markState(next, instance, partition);
                        out.accept(Step.STATE_MARKER, instance, partition, next);
                    }
                }
            }
        }
    }

    /** Ends an open transaction of an instance. */
    void abort(World next, int instance) {
        next.transactions[instance] = next.transactions[instance].decided(Status.ABORTING);
        finish(next, instance);
    }

    private void commit(World next, int instance) {
        Transaction transaction = next.transactions[instance];
        Transaction decided = transaction.decided(Status.COMMITTING);
        for (int partition = 0; partition < 2; partition++) {
            if (transaction.content(partition) != Transaction.NOTHING) {
                Content content = model.contents.get(transaction.content(partition));
                if (transaction.isPending(partition)) {
                    checkTiling(next, instance, partition, content);
                }
                next.parts[partition] =
                        next.parts[partition].withSent(append(next.parts[partition].sent(), content.sent()));
                Content offset = new Content(0, content.commit(), List.of(), 0);
                decided = decided.withContent(partition, model.contents.number(offset));
            }
        }
        next.transactions[instance] = decided;
        for (int partition = 0; partition < 2; partition++) {
            if (decided.isPending(partition)) {
                Content content = model.contents.get(transaction.content(partition));
                checkMemory(next, instance, partition, content);
            }
        }
        finish(next, instance);
    }

    private int append(int sent, List<String> more) {
        if (more.isEmpty()) {
            return sent;
        }
        List<String> all = new ArrayList<>(model.sent.get(sent));
        all.addAll(more);
        return model.sent.number(List.copyOf(all));
    }

    /** Each commit begins where the last one ended. */
    private void checkTiling(World world, int instance, int partition, Content content) {
        long before = model.offset(model.decided(world, partition).commit());
        if (content.from() != before) {
            throw new Violation(World.name(instance) + " commits offsets " + content.from() + " to "
                    + model.offset(content.commit()) + " of partition " + partition + ", but " + before
                    + " was committed before");
        }
    }

    /** What is committed makes the memory that committed it, to the byte. */
    private void checkMemory(World world, int instance, int partition, Content content) {
        Memory living = model.memories.get(content.memory());
        Memory restored = model.memories.get(model.restored(model.decided(world, partition), partition));
        if (!living.image().equals(restored.image())) {
            throw new Violation("partition " + partition + " in the memory of " + World.name(instance) + " is "
                    + living.image() + ", but a restore of what it has committed makes " + restored.image());
        }
    }

    private void markOffsets(World next, int instance) {
        Transaction transaction = next.transactions[instance];
        if (transaction.status() == Status.COMMITTING) {
            for (int partition = 0; partition < 2; partition++) {
                if (transaction.isPending(partition)) {
                    int commit =
                            model.contents.get(transaction.content(partition)).commit();
                    next.parts[partition] = next.parts[partition].withCommit(commit);
                }
            }
        }
        next.transactions[instance] =
                transaction.withPending(0).withContent(0, Transaction.NOTHING).withContent(1, Transaction.NOTHING);
        finish(next, instance);
    }

    private void markState(World next, int instance, int partition) {
        boolean commits = next.transactions[instance].status() == Status.COMMITTING;
        Part part = next.parts[partition];
        next.parts[partition] = part.withLog(model.logs.decide(part.log(), instance, commits));
        for (int reader = 0; reader < 2; reader++) {
            Slot slot = next.lanes[reader].slot(partition);
            if (slot.kind() == Slot.Kind.END_KNOWN) {
                Slot waiting = new Slot(slot.kind(), slot.number(), slot.waits() & ~(1 << instance));
                next.lanes[reader] = next.lanes[reader].with(partition, waiting);
            }
        }
        finish(next, instance);
    }

    private boolean isUndecided(World world, int instance, int partition) {
        return (model.logs.undecided(world.parts[partition].log()) >> instance & 1) != 0;
    }

    /** All markers are there. */
    private void finish(World next, int instance) {
        if (next.transactions[instance].pending() == 0
                && !isUndecided(next, instance, 0)
                && !isUndecided(next, instance, 1)) {
            next.transactions[instance] = Transaction.NONE;
        }
    }
}
