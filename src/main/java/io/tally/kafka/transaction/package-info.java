/** The producer's side: transactions that are confirmed, what a partition sends in them, and which of it failed. */
@NullMarked
package io.tally.kafka.transaction;

import org.jspecify.annotations.NullMarked;
