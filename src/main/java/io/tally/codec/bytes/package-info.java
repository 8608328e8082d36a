/**
 * Bytes as the formats need them: ranges, searches, numbers and texts in them, without an object per record. Knows no
 * format and no configuration.
 */
@NullMarked
package io.tally.codec.bytes;

import org.jspecify.annotations.NullMarked;
