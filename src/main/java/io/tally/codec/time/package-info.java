/**
 * Event times: a {@link io.tally.codec.time.TimestampSpec} says how a time is written, a
 * {@link io.tally.codec.time.TimestampParser} reads it, and a {@link io.tally.codec.time.TimeWriter} writes the times
 * of windows. Local times that a clock change makes ambiguous are decided here.
 */
@NullMarked
package io.tally.codec.time;

import org.jspecify.annotations.NullMarked;
