package io.tally.pipeline.partition;

/**
 * Where a processor begins.
 *
 * @param offset the first record it will see
 * @param born whether the birth marker is in the state topic already
 */
record PartitionOrigin(long offset, long birthOffset, boolean born) {}
