/**
 * {@code redrive}: brings late records and dead letters into rows that have left, as revisions, exactly once. Rows are
 * counted again from the source, compared with the sink, and written in transactions that also say how far the side
 * topics were re-driven.
 */
@NullMarked
package io.tally.command.redrive;

import org.jspecify.annotations.NullMarked;
