/** The JSON format: fields by JSON Pointer, found in one pass over the record without a tree. */
@NullMarked
package io.tally.codec.json;

import org.jspecify.annotations.NullMarked;
