/**
 * Aggregate functions: the contract of a function ({@link io.tally.aggregate.Aggregate}), the event it takes, the cells
 * that hold its accumulator, how bytes of state are written and read, and the interface for functions of users
 * ({@link io.tally.aggregate.CustomAggregate}).
 */
@NullMarked
package io.tally.aggregate;

import org.jspecify.annotations.NullMarked;
