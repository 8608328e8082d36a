/** {@code dry-run}: what a pipeline would make of a part of its source. */
@NullMarked
package io.tally.command.dryrun;

import org.jspecify.annotations.NullMarked;
