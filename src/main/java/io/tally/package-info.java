/**
 * The application. Its parts depend on one another in one direction: {@code config -> {kafka, observe} -> pipeline ->
 * {codec, checkpoint} -> window}; {@code config -> aggregate -> window}. The kit for users' tests, {@code testkit},
 * stands beside them.
 */
@NullMarked
package io.tally;

import org.jspecify.annotations.NullMarked;
