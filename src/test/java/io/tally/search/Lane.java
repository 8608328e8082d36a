package io.tally.search;

/**
 * An instance: one lane with its partitions and its transactions.
 *
 * @param isUnsettled whether the outcome of its last transaction is unknown to it
 * @param leaving the partitions that it is to hand over, as bits
 * @param batch the partitions of the running transaction, as bits
 */
record Lane(Phase phase, boolean isUnsettled, int leaving, int batch, Slot first, Slot second) {
    enum Phase {
        DEAD,
        /** Between transactions. */
        IDLE,
        /** Records have changed its memory, and all that came of them is sent, but not the offsets. */
        WRITTEN,
        /** It waits for the answer. */
        COMMIT_SENT
    }

    static final Lane DEAD = new Lane(Phase.DEAD, false, 0, 0, Slot.NONE, Slot.NONE);
    /** Right after its start: somebody may have had its transactional id before. */
    static final Lane STARTED = new Lane(Phase.IDLE, true, 0, 0, Slot.NONE, Slot.NONE);

    boolean isAlive() {
        return phase != Phase.DEAD;
    }

    boolean is(Phase other) {
        return phase == other;
    }

    boolean isInTransaction() {
        return phase == Phase.WRITTEN || phase == Phase.COMMIT_SENT;
    }

    boolean isLeaving(int partition) {
        return (leaving >> partition & 1) != 0;
    }

    boolean hasInBatch(int partition) {
        return (batch >> partition & 1) != 0;
    }

    Slot slot(int partition) {
        return partition == 0 ? first : second;
    }

    Lane with(int partition, Slot slot) {
        return partition == 0
                ? new Lane(phase, isUnsettled, leaving, batch, slot, second)
                : new Lane(phase, isUnsettled, leaving, batch, first, slot);
    }

    Lane with(Phase other) {
        return new Lane(other, isUnsettled, leaving, batch, first, second);
    }

    Lane withBatch(int partitions) {
        return new Lane(phase, isUnsettled, leaving, partitions, first, second);
    }

    Lane withLeaving(int partitions) {
        return new Lane(phase, isUnsettled, partitions, batch, first, second);
    }

    Lane withUnsettled(boolean other) {
        return new Lane(phase, other, leaving, batch, first, second);
    }

    /** The same where the instances have each other's numbers. */
    Lane swapped() {
        return new Lane(phase, isUnsettled, leaving, batch, first.swapped(), second.swapped());
    }

    /** Between transactions. */
    Lane idle() {
        return new Lane(Phase.IDLE, isUnsettled, leaving, 0, first, second);
    }
}
