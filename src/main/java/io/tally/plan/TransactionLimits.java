package io.tally.plan;

import java.time.Duration;

/**
 * How much goes into the transactions of a pipeline.
 *
 * @param records the most records of one, at least 1
 * @param rows about how many rows of closing windows go into a transaction of a lane, at least 1; further rows go into
 *     the next ones
 * @param commitInterval how long records without rows may wait for the commit of their offsets, at most
 *     {@link #LONGEST_COMMIT_INTERVAL}; with zero they do not wait. Not used in a combine stage, which sends with each
 *     batch
 */
public record TransactionLimits(int records, int rows, Duration commitInterval) {
    /**
     * The longest commit interval. A transaction that is open for a second looks as if its owner were dead. Also, a
     * stop and a newly assigned partition wait for its end.
     */
    public static final Duration LONGEST_COMMIT_INTERVAL = Duration.ofMillis(500);
}
