/**
 * A lane: one consumer thread that polls, has its partitions count, and commits what came of it with the offsets, in
 * one transaction.
 */
@NullMarked
package io.tally.kafka.lane;

import org.jspecify.annotations.NullMarked;
