/** How a row is laid out: keys, accumulators, and the table that finds them. */
@NullMarked
package io.tally.engine.row;

import org.jspecify.annotations.NullMarked;
