/**
 * Event-time windows over one source partition: slices, watermark, late rule, accumulators, and which of them a
 * checkpoint must write. Knows the JDK only; reads no clock and does no I/O.
 */
@NullMarked
package io.tally.window;

import org.jspecify.annotations.NullMarked;

