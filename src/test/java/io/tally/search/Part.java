package io.tally.search;

/**
 * What the broker has of a partition.
 *
 * @param commit number of the committed offset that is visible, -1 if there is none
 * @param sent number of the rows, late records and dead letters that are committed
 * @param log number of the log of its state partition
 */
record Part(int commit, int sent, int log) {
    static final int NO_COMMIT = -1;

    Part withCommit(int other) {
        return new Part(other, sent, log);
    }

    Part withSent(int other) {
        return new Part(commit, other, log);
    }

    Part withLog(int other) {
        return new Part(commit, sent, other);
    }
}
