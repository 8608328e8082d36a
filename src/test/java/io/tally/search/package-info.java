/**
 * All that can happen to two instances with two partitions and a handful of records, state by state.
 *
 * <p>The partitions are the product's own: {@link io.tally.search.Memories} restores, folds and checkpoints with its
 * classes and takes what they write. Around them are a broker and the protocol of a lane, in small immutable values:
 * {@link io.tally.search.World} is one state of all, {@link io.tally.search.Moves} are the steps out of it,
 * {@link io.tally.search.Check} says what must hold in each. {@link io.tally.search.Search} goes through them breadth
 * first. {@link io.tally.search.Bug} has variants of the protocol that it must find out.
 */
@NullMarked
package io.tally.search;

import org.jspecify.annotations.NullMarked;
