/** From records to events: which records hold one, and how those that hold several are cut. */
@NullMarked
package io.tally.codec.framing;

import org.jspecify.annotations.NullMarked;
