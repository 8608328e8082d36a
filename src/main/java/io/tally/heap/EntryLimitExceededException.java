package io.tally.heap;

/** The configured number of open entries of a partition is reached, so another key or window cannot be counted. */
public final class EntryLimitExceededException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public EntryLimitExceededException(long limit, int openSlices) {
        super("the partition has " + limit + " open (window, key) entries in " + openSlices
                + " windows, its limit, and this record needs one more");
    }
}
