package io.tally.pipeline.log;

/**
 * What a group has committed for a partition.
 *
 * @param offset the next offset to read
 * @param metadata the text that was committed with it, "" if none
 */
public record CommittedOffset(long offset, String metadata) {}
