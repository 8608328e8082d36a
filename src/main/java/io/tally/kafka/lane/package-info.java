/**
 * A lane: one consumer thread that polls, lets its partitions count, and commits the results with the offsets, in one
 * transaction.
 */
@NullMarked
package io.tally.kafka.lane;

import org.jspecify.annotations.NullMarked;
