/**
 * How a partition that was assigned gets its state: predecessors are waited for or fenced, the committed offset and its
 * state are read, the source is replayed and checked for what it has lost.
 */
@NullMarked
package io.tally.kafka.restore;

import org.jspecify.annotations.NullMarked;
