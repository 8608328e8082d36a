/** The producer's side: confirmed transactions, what a partition sends in them, and which sends failed. */
@NullMarked
package io.tally.kafka.transaction;

import org.jspecify.annotations.NullMarked;
