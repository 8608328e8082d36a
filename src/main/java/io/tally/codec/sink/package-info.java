/**
 * Rows to bytes: a {@link io.tally.codec.sink.SinkFormat} says how, and {@link io.tally.codec.sink.Encoders} makes the
 * {@link io.tally.codec.sink.ResultEncoder} that does it.
 */
@NullMarked
package io.tally.codec.sink;

import org.jspecify.annotations.NullMarked;
