/** Slices of event time, and the mergers that make aligned windows out of them. */
@NullMarked
package io.tally.engine.slice;

import org.jspecify.annotations.NullMarked;
