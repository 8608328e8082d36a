/**
 * How an assigned partition gets its state: predecessors are waited for or fenced, the committed offset and the state
 * are read, the source is replayed and checked for lost records.
 */
@NullMarked
package io.tally.kafka.restore;

import org.jspecify.annotations.NullMarked;
