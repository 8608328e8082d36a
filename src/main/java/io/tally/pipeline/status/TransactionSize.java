package io.tally.pipeline.status;

/**
 * What one committed transaction of a lane held, all its partitions together.
 *
 * @param records source records, of each class
 * @param rows rows sent to the sink
 * @param bytes bytes of keys and values in all records sent: rows, late records, dead letters, state; before
 *     compression
 */
public record TransactionSize(long records, long rows, long bytes) {}
