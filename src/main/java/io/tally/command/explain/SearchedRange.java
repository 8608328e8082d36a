package io.tally.command.explain;

/**
 * What was read of a partition.
 *
 * @param from the first offset
 * @param to the one after the last
 * @param first the first offset that the partition holds
 * @param end the one after the last that it holds
 */
record SearchedRange(String topic, int partition, long from, long to, long first, long end) {}
