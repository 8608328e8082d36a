/**
 * The second reading of a source: what commands that count again have in common. It takes the pipeline's decoder,
 * window borders and functions, and nothing else of it.
 */
@NullMarked
package io.tally.command.recount;

import org.jspecify.annotations.NullMarked;
