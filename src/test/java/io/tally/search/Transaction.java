package io.tally.search;

/**
 * What the coordinator knows of an instance's transactional id.
 *
 * @param isCommitSent whether a request to commit is under way that is still of use
 * @param pending the partitions whose offsets wait for its marker, as bits
 * @param first number of the content of partition 0, if it may still be committed
 * @param second of partition 1
 */
record Transaction(Status status, boolean isCommitSent, int pending, int first, int second) {
    enum Status {
        NONE,
        OPEN,
        /** Decided; markers are under way. */
        COMMITTING,
        /** Decided; markers are under way. */
        ABORTING
    }

    static final int NOTHING = -1;
    static final Transaction NONE = new Transaction(Status.NONE, false, 0, NOTHING, NOTHING);
    static final Transaction BEGUN = new Transaction(Status.OPEN, false, 0, NOTHING, NOTHING);

    /**
     * What a transaction does for a partition.
     *
     * @param from the offset it begins at
     * @param commit number of the offset that it commits, {@link Part#NO_COMMIT} for none
     * @param memory number of the memory that sent it
     */
    record Content(long from, int commit, java.util.List<String> sent, int memory) {}

    int content(int partition) {
        return partition == 0 ? first : second;
    }

    Transaction withContent(int partition, int content) {
        return partition == 0
                ? new Transaction(status, isCommitSent, pending, content, second)
                : new Transaction(status, isCommitSent, pending, first, content);
    }

    Transaction withPending(int partitions) {
        return new Transaction(status, isCommitSent, partitions, first, second);
    }

    Transaction sent() {
        return new Transaction(status, true, pending, first, second);
    }

    Transaction decided(Status how) {
        return how == Status.COMMITTING
                ? new Transaction(how, false, pending, first, second)
                : new Transaction(how, false, pending, NOTHING, NOTHING);
    }

    /** Nobody is left who would commit it; a request that is under way may. */
    Transaction abandoned() {
        return status == Status.OPEN && !isCommitSent
                ? new Transaction(status, false, pending, NOTHING, NOTHING)
                : this;
    }

    boolean isPending(int partition) {
        return (pending >> partition & 1) != 0;
    }
}
