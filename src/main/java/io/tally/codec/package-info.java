/**
 * Bytes to events and results to bytes. A {@link io.tally.codec.decode.RecordDecoder} finds the fields of a source
 * record (columns, named groups of a regular expression, or JSON Pointers), reads the event time, applies the filter,
 * takes and verifies the group key, and fills the aggregates' inputs. A record that it cannot use becomes a
 * {@link io.tally.codec.Rejection}, never an exception. A {@link io.tally.codec.sink.ResultEncoder} writes the final
 * rows.
 *
 * <p>The way in is {@link io.tally.codec.decode.Decoders} and {@link io.tally.codec.sink.Encoders}; their arguments are
 * the spec records ({@link io.tally.codec.SourceFormat}, {@link io.tally.codec.time.TimestampSpec} and so on), which
 * check themselves and explain what is wrong. Everything that the configuration decides is decided there. So the path
 * of a record has no lookup by name and, for columns, no allocation.
 *
 * <p>Decoding is a function of the record and the configuration: it uses no clock, no locale, and no visible state
 * except the {@link io.tally.codec.decode.DecodingHistory}.
 */
@NullMarked
package io.tally.codec;

import org.jspecify.annotations.NullMarked;
