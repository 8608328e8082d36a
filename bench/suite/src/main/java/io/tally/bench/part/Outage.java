package io.tally.bench.part;

import org.jspecify.annotations.Nullable;

/**
 * What one kill did, in seconds from the SIGKILL unless said otherwise.
 *
 * @param scenario system and what happened to it
 * @param restartToCommit from the start of the new JVM to the first newly committed offset; null if none was started
 * @param toCommit to the first newly committed offset
 * @param toAllPartitions to newly committed offsets in all partitions
 * @param toLiveEnd to being less than a second's lines behind
 */
record Outage(
        String scenario, @Nullable Double restartToCommit, double toCommit, double toAllPartitions, double toLiveEnd) {}
