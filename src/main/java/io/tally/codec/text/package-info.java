/** The formats of lines: columns at a separator, and the named groups of a regular expression. */
@NullMarked
package io.tally.codec.text;

import org.jspecify.annotations.NullMarked;
