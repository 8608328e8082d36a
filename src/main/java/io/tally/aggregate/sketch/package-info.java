/**
 * Functions that are approximate, with a known error, in bounded memory. {@link io.tally.aggregate.sketch.Sketches}
 * makes them.
 *
 * <p>A sketch is used here only if its content is a function of the set or multiset of values alone, not of their
 * order, of where merges fall, or of coins it throws. Then what is written to the sink does not depend on where polls
 * were cut or a process died, as with every other function. HyperLogLog's registers (here UltraLogLog) and DDSketch's
 * buckets are such; KLL, REQ (coins), t-digest (order, and compression when it is written) and Space-Saving (order) are
 * not.
 */
@NullMarked
package io.tally.aggregate.sketch;

import org.jspecify.annotations.NullMarked;
