/** {@code explain}: which records made a row, or why there is none yet. */
@NullMarked
package io.tally.command.explain;

import org.jspecify.annotations.NullMarked;
