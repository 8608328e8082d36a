/**
 * {@code audit}: counts the source a second time and compares the outputs of a pipeline with that, row by row and
 * record by record.
 */
@NullMarked
package io.tally.command.audit;

import org.jspecify.annotations.NullMarked;
