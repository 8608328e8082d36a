package io.tally.search;

/**
 * Mistakes that a client of a broker can make around the processor. Each must be found, or the search proves nothing.
 */
enum Bug {
    /** Takes a commit for granted once it is sent. */
    CONFIRMS_BEFORE_THE_COMMIT,
    /** Goes on from the batch's first record after a commit whose outcome is unknown, as a stock container does. */
    SEEKS_TO_THE_BATCH,
    /** Keeps what it has folded when the transaction is aborted. */
    KEEPS_MEMORY_AFTER_AN_ABORT,
    /** Begins the next transaction without ending the last one. */
    SKIPS_THE_SETTLING,
    /** Reads the committed offset without waiting for the transaction that is about to change it. */
    READS_A_PENDING_OFFSET,
    /** Reads the state partition only as far as all transactions are decided. */
    READS_STATE_TO_THE_LAST_STABLE_OFFSET,
    /** Replays the record at the committed offset, too. */
    REPLAYS_ONE_MORE,
    /** Sends offsets without its generation, so that no group can turn them down. */
    SENDS_OFFSETS_WITHOUT_A_GENERATION,
    /** Commits what it has sent without its offsets. */
    COMMITS_WITHOUT_OFFSETS,
    /** Writes entries outside the transaction. */
    WRITES_STATE_OUTSIDE_THE_TRANSACTION,
    /** Keeps the memory of a partition that it has handed over, and goes on with it when the partition comes back. */
    KEEPS_A_RELEASED_PARTITION
}
