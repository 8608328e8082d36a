/** Slices of event time, of which aligned windows are put together, and the mergers that do it. */
@NullMarked
package io.tally.engine.slice;

import org.jspecify.annotations.NullMarked;
