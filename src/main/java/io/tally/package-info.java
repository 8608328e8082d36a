/**
 * The application. Its parts depend on one another in one direction: {@code config -> {kafka, observe} -> pipeline ->
 * {codec, checkpoint} -> window}.
 */
@NullMarked
package io.tally;

import org.jspecify.annotations.NullMarked;
