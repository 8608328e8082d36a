/**
 * One record to its event, whatever its format: the events that a record is split into, event time, filter, key and
 * inputs, in that order. {@link io.tally.codec.decode.Decoders} makes a pipeline's decoder.
 */
@NullMarked
package io.tally.codec.decode;

import org.jspecify.annotations.NullMarked;
