package io.tally.plan;

import java.time.Duration;

/**
 * How much goes into the transactions of a pipeline.
 *
 * @param records most records of one, at least 1
 * @param rows about how many rows of closing windows go into one of a lane, at least 1; the others into the next ones
 * @param commitInterval how long records without rows may wait for the commit of their offsets, at most
 *     {@link #LONGEST_COMMIT_INTERVAL}; zero is not at all. Not in a combine stage, which sends with each batch
 */
public record TransactionLimits(int records, int rows, Duration commitInterval) {
    /**
     * The longest commit interval. A transaction that is open for a second looks as if its owner were dead; and a stop,
     * or a partition that was assigned, waits for its end.
     */
    public static final Duration LONGEST_COMMIT_INTERVAL = Duration.ofMillis(500);
}
