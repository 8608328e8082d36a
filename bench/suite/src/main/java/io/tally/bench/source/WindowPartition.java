package io.tally.bench.source;

/**
 * What closes at once: a window in one partition.
 *
 * @param start of the window, in seconds of event time
 * @param partition of the source, and of the sink
 */
record WindowPartition(long start, int partition) {}
