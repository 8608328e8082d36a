/**
 * Functions that are approximate, with a known error, in bounded memory. {@link io.tally.aggregate.sketch.Sketches}
 * makes them.
 *
 * <p>A sketch is used here only if its content depends on the set or multiset of values alone: not on their order, on
 * where merges fall, or on random numbers. Then the rows do not depend on where polls were cut or where a process died,
 * as with every other function. HyperLogLog's registers (here UltraLogLog) and DDSketch's buckets are like that. KLL
 * and REQ (random numbers), t-digest (order, and compression when it is written) and Space-Saving (order) are not.
 */
@NullMarked
package io.tally.aggregate.sketch;

import org.jspecify.annotations.NullMarked;
