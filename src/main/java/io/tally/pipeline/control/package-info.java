/**
 * What an operator may ask of a pipeline of this instance, and the answers. A lane does what is asked on its own
 * thread, between two transactions.
 */
@NullMarked
package io.tally.pipeline.control;

import org.jspecify.annotations.NullMarked;
